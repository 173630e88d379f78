import { Failure } from '#lib/failure.ts';
import { type SearchParameterModel, searchParameters } from '../definitions/index.ts';
import { type ElementPath, elementPaths } from './element-path.ts';
import { isIndexedType, type ParsedBranch, parseBranches } from './parameter-branches.ts';
import { type Path, parsePaths, printPath } from './path-expression.ts';
import type { PathNumbering } from './path-numbers.ts';
import type { IndexedType, SearchBranch, SearchComponent, SearchParameterPlan } from './search-parameter-plan.ts';
import { conversionOf } from './value-conversion.ts';

/** An element in which the parts of a composite stand together, with what its extractor needs. */
export interface PlannedComposite {
  readonly path: number;
  readonly base: ElementPath;
  readonly parts: readonly PlannedPart[];
}

export interface PlannedPart {
  readonly path: number;
  readonly values: ParsedBranch['values'];
  /** The values come from elsewhere in the resource (`%resource...`). */
  readonly isFromRoot: boolean;
}

/** The search parameter of a canonical URL. */
export type FindDefinition = (url: string) => SearchParameterModel | undefined;

export const findDefinition: FindDefinition = (url) => searchParameters.find((parameter) => parameter.url === url);

interface Part {
  readonly definition: SearchParameterModel & { readonly type: IndexedType };
  readonly paths: readonly Path[];
}

const isFromRoot = ([first]: Path): boolean => first?.kind === 'member' && first.name === '%resource';

function typesBelow(resourceType: string, base: string, path: Path): string[] {
  const paths = isFromRoot(path) ? elementPaths(resourceType, path.slice(1)) : elementPaths(base, path);
  return paths.map(({ type }) => type);
}

/**
 * The parts in the order of their definitions, which is that of a search. An expression goes with a definition that takes
 * values of such types: in DocumentReference-relationship, R4 has exchanged the expressions of the two.
 */
function partsOf(
  { url, component = [] }: SearchParameterModel,
  resourceType: string,
  base: string,
  find: FindDefinition,
): Part[] {
  const expressions = component.map(({ expression }) => parsePaths(expression));
  return component.map(({ definition: name }, index) => {
    const definition = find(name);
    if (!definition)
      throw new Failure('not-found', `The search parameter ${name}, a component of ${url}, is not known.`);
    const { type } = definition;
    if (!isIndexedType(type)) throw new Failure('not-supported', `${url} cannot have a component of type ${type}.`);
    const fits = (paths: readonly Path[] = []): boolean =>
      paths.some((path) => typesBelow(resourceType, base, path).some((name) => conversionOf(type, name, '', '')));
    const paths = fits(expressions[index]) ? expressions[index] : expressions.find(fits);
    if (!paths) throw new Failure('not-supported', `${url} has no expression for values of ${name}.`);
    return { definition: { ...definition, type }, paths };
  });
}

/** The branch of a part by its whole path from the resource: the same that the part's own parameter has. */
function parsePart(resourceType: string, base: Path, { definition, paths }: Part): ParsedBranch {
  const whole = paths.map((path) =>
    printPath(isFromRoot(path) ? [{ kind: 'member', name: resourceType }, ...path.slice(1)] : [...base, ...path]),
  );
  const [branch, ...others] = parseBranches(resourceType, whole.join(' | '), definition.type);
  if (!branch || others.length > 0) {
    throw new Failure('not-supported', `A component of a composite must be one element: ${whole.join(' | ')} is not.`);
  }
  return branch;
}

const ownTypes = ({ values }: ParsedBranch): string[] => [...new Set(values.map(({ element }) => element.type))];

function branchOf(branch: ParsedBranch, path: number): SearchBranch {
  const { expression, targets } = branch;
  return { path, expression, ...(targets ? { targets } : {}), valueTypes: ownTypes(branch) };
}

/** Shapes that the index has a table for. */
function refuseShape({ url }: SearchParameterModel, parts: readonly Part[]): void {
  const shape = parts.map(({ definition: { type } }) => compositeKind[type]);
  const count = (kind: string): number => shape.filter((other) => other === kind).length;
  const isPossible =
    parts.length >= 2 &&
    (count('text') === 1 ? parts.length === 2 && count('key') === 1 : count('text') === 0) &&
    (count('key') === 2 ? parts.length === 2 : count('key') <= 1) &&
    count('range') <= 2;
  if (isPossible) return;
  throw new Failure(
    'not-supported',
    `${url} has components ${parts.map(({ definition: { type } }) => type).join(', ')}: a composite is indexed when it has ` +
      'one token, reference or uri with another one, a string, or up to two dates, numbers or quantities; or two of these.',
  );
}

/** How the values of a part are kept: as a hash that is equal or not, as a range, or as text. */
export const compositeKind: Readonly<Record<IndexedType, 'key' | 'range' | 'text'>> = {
  token: 'key',
  reference: 'key',
  uri: 'key',
  date: 'range',
  number: 'range',
  quantity: 'range',
  string: 'text',
};

function componentOf({ definition, paths }: Part, branch: ParsedBranch): SearchComponent {
  const { code, type, target } = definition;
  const expression = paths.map(printPath).join(' | ');
  return { code, type, expression, valueTypes: ownTypes(branch), ...(target ? { target } : {}) };
}

export interface CompositePlan extends Pick<SearchParameterPlan, 'branches' | 'components'> {
  readonly composites: readonly PlannedComposite[];
}

/** A path for each element in which the parts stand together: Observation itself, Observation.component. */
export function planComposite(
  parameter: SearchParameterModel,
  resourceType: string,
  numberOf: PathNumbering,
  find: FindDefinition,
): CompositePlan {
  const paths = parsePaths(parameter.expression ?? '').filter(
    ([first]) => first?.kind === 'member' && first.name === resourceType,
  );
  const planned = paths.flatMap((path) =>
    elementPaths(resourceType, path.slice(1)).map((base) => {
      const parts = partsOf(parameter, resourceType, base.type, find);
      refuseShape(parameter, parts);
      return planElement(resourceType, path, base, parts, numberOf);
    }),
  );
  return {
    branches: planned.map(({ branch }) => branch),
    components: planned[0]?.components ?? [],
    composites: planned.map(({ composite }) => composite),
  };
}

function planElement(
  resourceType: string,
  path: Path,
  base: ElementPath,
  parts: readonly Part[],
  numberOf: PathNumbering,
) {
  const shape = parts.map(({ definition, paths }) => `${definition.type} ${paths.map(printPath).join(' | ')}`);
  const expression = `${printPath(path)} { ${shape.join(', ')} }`;
  const number = numberOf('composite', expression);
  const parsed = parts.map((part) => {
    const branch = parsePart(resourceType, path, part);
    return { part, branch, path: numberOf(part.definition.type, branch.expression) };
  });
  const composite: PlannedComposite = {
    path: number,
    base,
    parts: parsed.map(({ part, branch, path: partPath }) => {
      const fromRoot = part.paths.every(isFromRoot);
      return {
        path: partPath,
        values: fromRoot ? branch.values : belowBase(branch.values, base),
        isFromRoot: fromRoot,
      };
    }),
  };
  const branch: SearchBranch = {
    path: number,
    expression,
    valueTypes: [base.type],
    parts: parsed.map(({ branch: partBranch, path: partPath }) => branchOf(partBranch, partPath)),
  };
  return { branch, composite, components: parsed.map((each) => componentOf(each.part, each.branch)) };
}

/** The same values, by steps that begin at the element instead of the resource. */
function belowBase(values: ParsedBranch['values'], base: ElementPath): ParsedBranch['values'] {
  const { length } = base.steps;
  return values
    .filter(({ element }) => JSON.stringify(element.steps.slice(0, length)) === JSON.stringify(base.steps))
    .map(({ element, convert }) => ({ element: { ...element, steps: element.steps.slice(length) }, convert }));
}
