import type { SearchBranch } from '../indexing/index.ts';
import type { SortKey, SortSource } from './request.ts';
import { findParameter, NotUnderstood, type SearchScope } from './scope.ts';

const sources = {
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  string: 'string',
  uri: 'string',
  reference: 'reference',
  token: 'token',
} as const satisfies Record<string, SortSource>;

const hasDictionary = new Set(['Coding', 'CodeableConcept', 'code', 'boolean']);

const mostKeys = 5;

/** `_sort=-date,name`. https://hl7.org/fhir/R4/search.html#sort */
export function parseSort(scope: SearchScope, text: string): SortKey[] {
  const keys = text.split(',').filter((key) => key !== '');
  if (keys.length > mostKeys) throw new NotUnderstood(`_sort has ${keys.length} keys; send at most ${mostKeys}.`);
  return keys.map((key) => {
    const descending = key.startsWith('-');
    return { ...sortSource(scope, descending ? key.slice(1) : key), descending };
  });
}

function sortSource(scope: SearchScope, code: string): Omit<SortKey, 'descending'> {
  if (code === '_id') return { source: 'id', paths: [] };
  if (code === '_lastUpdated') return { source: 'updated', paths: [] };
  const plans = findParameter(scope, code);
  const [{ type, indexed }] = plans;
  const branches = plans.flatMap((plan) => plan.branches);
  const isSortable = type in sources && indexed && branches.length > 0;
  const isCoded = branches.every(({ valueTypes }) => valueTypes.every((name) => hasDictionary.has(name)));
  const paths = branches.map(({ path }) => path);
  if (isSortable && type === 'token' && !isCoded) {
    const places = branches.map(placeOf);
    if (places.every((place) => place !== undefined)) return { source: 'content', paths, places };
  } else if (isSortable) {
    return { source: sources[type as keyof typeof sources], paths };
  }
  throw new NotUnderstood(`Search results cannot be sorted by "${code}".`);
}

const plainElement = /^[A-Z]\w*((?:\.[a-z]\w*)+)$/;
const withValue = new Set(['Identifier', 'ContactPoint']);

/** Where the texts of identifiers and the like stand in the JSON; lists are looked through. Undefined for other expressions. */
function placeOf({ expression, valueTypes }: SearchBranch): string | undefined {
  const [, elements] = plainElement.exec(expression) ?? [];
  if (elements === undefined || valueTypes.some((name) => hasDictionary.has(name))) return undefined;
  const value = valueTypes.some((name) => withValue.has(name)) ? '.value' : '';
  return `$${(elements + value).replace(/\.(\w+)/g, '."$1"')}`;
}
