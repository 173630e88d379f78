import { Failure } from '#lib/failure.ts';
import { type ElementModel, typeModel } from '../definitions/index.ts';
import { type Path, type PathStep, printPath } from './path-expression.ts';

/** A step into the JSON of a resource, choices resolved. */
export type JsonStep =
  | { readonly kind: 'property'; readonly name: string; readonly array: boolean; readonly index?: number }
  | { readonly kind: 'where'; readonly property: string; readonly equals: string }
  /** Is there one of the properties, and not false? */
  | { readonly kind: 'true-or-present'; readonly properties: readonly string[] };

/** One way to values of one type. */
export interface ElementPath {
  readonly steps: readonly JsonStep[];
  readonly type: string;
  /** The type that has the last element, and that element's name: `HumanName`, `family`. */
  readonly owner: string;
  readonly element: string;
  readonly targets?: readonly string[];
}

const specialisations: Readonly<Record<string, readonly string[]>> = {
  uri: ['canonical', 'url', 'oid', 'uuid'],
  string: ['code', 'id', 'markdown'],
  integer: ['positiveInt', 'unsignedInt'],
  Quantity: ['Age', 'Count', 'Distance', 'Duration'],
};

/** To FHIRPath, a value is of its own type and of those that this specialises. */
export const isOfType = (type: string, asked: string): boolean =>
  type === asked || specialisations[asked]?.includes(type) === true;

function elementsNamed(type: string, name: string): [string, ElementModel][] {
  const elements = typeModel(type)?.elements ?? {};
  const exact = Object.hasOwn(elements, name) ? elements[name] : undefined;
  if (exact !== undefined && exact.choice === undefined) return [[name, exact]];
  return Object.entries(elements).filter(([, element]) => element.choice === name);
}

function intoMember(from: ElementPath, name: string): ElementPath[] {
  return elementsNamed(from.type, name).map(([property, element]) => ({
    steps: [...from.steps, { kind: 'property', name: property, array: element.array === true }],
    type: element.type,
    owner: from.type,
    element: name,
    ...(element.targets ? { targets: element.targets } : {}),
  }));
}

function atIndex(from: ElementPath, index: number): ElementPath {
  const last = from.steps.at(-1);
  if (last?.kind !== 'property') return from;
  return { ...from, steps: [...from.steps.slice(0, -1), { ...last, index }] };
}

/** `X.exists() and X != false` has one boolean, whatever types X has. */
function asBoolean(paths: readonly ElementPath[]): ElementPath[] {
  const [first] = paths;
  if (first === undefined) return [];
  const properties = paths.flatMap(({ steps }) => {
    const last = steps.at(-1);
    return last?.kind === 'property' ? [last.name] : [];
  });
  return [{ ...first, steps: [...first.steps.slice(0, -1), { kind: 'true-or-present', properties }], type: 'boolean' }];
}

function follow(paths: readonly ElementPath[], step: PathStep): ElementPath[] {
  switch (step.kind) {
    case 'member':
      return paths.flatMap((path) => intoMember(path, step.name));
    case 'as':
      return paths.filter((path) => step.types.some((type) => isOfType(path.type, type)));
    case 'where':
      return paths.map((path) => ({
        ...path,
        steps: [...path.steps, { kind: 'where', property: step.member, equals: step.equals }],
      }));
    case 'index':
      return paths.map((path) => atIndex(path, step.index));
    case 'true-or-present':
      return asBoolean(paths);
    case 'resolves-to':
      return [...paths];
  }
}

/** `value` may be of fifty types, each of which may have extensions with a value: a short text can mean millions of ways. */
const mostPaths = 1000;

/**
 * Where the values of a path stand in the JSON of a type, one entry for each type that they may have. `steps` begins
 * below the type. Throws a Failure `not-supported` when the definitions know no such element.
 */
export function elementPaths(type: string, steps: Path): ElementPath[] {
  let paths: ElementPath[] = [{ steps: [], type, owner: type, element: '' }];
  for (const step of steps) {
    paths = follow(paths, step);
    if (paths.length === 0) {
      throw new Failure('not-supported', `${type} has no element for "${printPath(steps)}" of a search parameter.`);
    }
    if (paths.length > mostPaths) {
      throw new Failure(
        'too-costly',
        `"${printPath(steps)}" means too many elements: say of which type with ofType().`,
      );
    }
  }
  return paths;
}

/** Steps as an SQL/JSON path in lax mode, which goes into arrays by itself. https://www.postgresql.org/docs/15/functions-json.html */
export const printSqlPath = (steps: readonly JsonStep[]): string =>
  steps.reduce((path, step) => path + printSqlStep(step), '$');

function printSqlStep(step: JsonStep): string {
  switch (step.kind) {
    case 'property':
      return `.${JSON.stringify(step.name)}${step.index === undefined ? '' : `[${step.index}]`}`;
    case 'where':
      return ` ? (@.${JSON.stringify(step.property)} == ${JSON.stringify(step.equals)})`;
    case 'true-or-present':
      return '';
  }
}
