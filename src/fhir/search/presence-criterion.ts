import { anySystem, anyValue, compositeKind, type SearchParameterPlan, tokenKey } from '../indexing/index.ts';
import type { Condition, PresenceTable } from './condition.ts';

const tables = {
  token: 'token',
  reference: 'reference',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  string: 'string',
  uri: 'string',
  special: 'position',
} as const satisfies Partial<Record<SearchParameterPlan['type'], PresenceTable>>;

function tableOf({ type, components = [] }: SearchParameterPlan): PresenceTable {
  if (type !== 'composite') return tables[type];
  const kinds = components.map((component) => compositeKind[component.type]);
  if (kinds.includes('text')) return 'composite_string';
  const ranges = kinds.filter((kind) => kind === 'range').length;
  // Rows of two keys do not tell their path: a token says that there is one.
  return ranges === 0 ? 'token' : ranges === 1 ? 'composite_range' : 'composite_ranges';
}

/** `:missing`: whether there is an index row on the parameter's paths. The plans are of one kind. */
export function presenceCondition(
  plans: readonly [SearchParameterPlan, ...SearchParameterPlan[]],
  isMissing: boolean,
): Condition {
  const table = tableOf(plans[0]);
  const paths = [...new Set(plans.flatMap(({ branches }) => branches.map(({ path }) => path)))];
  // Tokens without dictionary, and references that could not be resolved, leave a key that says: there is one.
  const present: Condition = {
    is: 'present',
    table,
    paths,
    keys: paths.map((path) => tokenKey(path, anySystem, anyValue)),
  };
  return isMissing ? { is: 'not', condition: present } : present;
}
