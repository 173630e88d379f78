import { type SearchParameterModel, searchParameters } from '../definitions/index.ts';
import { elementPaths } from './element-path.ts';
import { isIndexedType, type ParsedBranch, parseBranches } from './parameter-branches.ts';
import { type Path, parsePaths, printPath } from './path-expression.ts';
import type { PathNumbering } from './path-numbers.ts';
import type { IndexedType, SearchBranch, SearchComponent, SearchParameterPlan } from './search-parameter-plan.ts';
import { conversionOf } from './value-conversion.ts';

/** Answered from the columns of the resource table. */
const special = new Set(['_id', '_lastUpdated']);

/** A plan with what its extractor needs. */
export interface PlannedParameter {
  readonly plan: SearchParameterPlan;
  /** As many as the plan has branches, and in their order. */
  readonly branches: readonly ParsedBranch[];
}

function numberBranch(branch: ParsedBranch, kind: IndexedType, numberOf: PathNumbering): SearchBranch {
  const valueTypes = [...new Set(branch.values.map(({ element }) => element.type))];
  return {
    path: numberOf(kind, branch.expression),
    ...(kind === 'token' && valueTypes.includes('Identifier')
      ? { ofTypePath: numberOf('identifier-of-type', branch.expression) }
      : {}),
    ...(kind === 'reference' && valueTypes.includes('Reference')
      ? { identifierPath: numberOf('reference-identifier', branch.expression) }
      : {}),
    expression: branch.expression,
    ...(branch.targets ? { targets: branch.targets } : {}),
    valueTypes,
  };
}

/** What the parameter says it may point to, less what its elements cannot point to. */
function targetTypes(
  parameter: SearchParameterModel,
  branches: readonly ParsedBranch[],
): readonly string[] | undefined {
  const possible = new Set<string>();
  for (const branch of branches) {
    const types = branch.targets ?? branch.values.flatMap(({ element }) => element.targets ?? ['Resource']);
    if (types.includes('Resource')) return parameter.target;
    for (const type of types) possible.add(type);
  }
  return parameter.target?.filter((type) => possible.has(type));
}

function resolveComponent(resourceType: string, base: string, path: Path): string[] {
  const [first] = path;
  const isFromRoot = first?.kind === 'member' && first.name === '%resource';
  return elementPaths(isFromRoot ? resourceType : base, isFromRoot ? path.slice(1) : path).map(({ type }) => type);
}

/**
 * The parameter that a component's values belong to: its definition, unless that takes no values of such types, as in
 * DocumentReference-relationship, where R4 has exchanged the definitions of the two components.
 */
function componentParameter(parameter: SearchParameterModel, definition: string, valueTypes: readonly string[]) {
  const named = [definition, ...(parameter.component ?? []).map((component) => component.definition)];
  const parts = named.flatMap((name) => searchParameters.find(({ url }) => url === name) ?? []);
  const part = parts.find(
    ({ type }) => isIndexedType(type) && valueTypes.some((name) => conversionOf(type, name, '', '')),
  );
  if (part === undefined) throw new Error(`${parameter.url} has no parameter for ${valueTypes.join(' | ')}`);
  return part;
}

function planComponents(parameter: SearchParameterModel, resourceType: string, base: string): SearchComponent[] {
  return (parameter.component ?? []).map(({ definition, expression }) => {
    const paths = parsePaths(expression);
    const valueTypes = paths.flatMap((path) => resolveComponent(resourceType, base, path));
    const { code, type } = componentParameter(parameter, definition, valueTypes);
    return { code, type, expression: paths.map(printPath).join(' | '), valueTypes };
  });
}

/** A path for each element in which the components stand together: Observation itself, Observation.component. */
function planComposite(parameter: SearchParameterModel, resourceType: string, numberOf: PathNumbering) {
  const bases = parsePaths(parameter.expression ?? '').filter(
    ([first]) => first?.kind === 'member' && first.name === resourceType,
  );
  const types = bases.flatMap((path) => elementPaths(resourceType, path.slice(1)).map(({ type }) => type));
  const components = planComponents(parameter, resourceType, types[0] ?? resourceType);
  const parts = components.map(({ type, expression }) => `${type} ${expression}`).join(', ');
  const branches = bases.map((path, index): SearchBranch => {
    const expression = `${printPath(path)} { ${parts} }`;
    return { path: numberOf('composite', expression), expression, valueTypes: [types[index] ?? ''] };
  });
  return { branches, components };
}

/** What a search parameter means for one of the resource types that it holds for. */
export function planParameter(
  parameter: SearchParameterModel,
  resourceType: string,
  numberOf: PathNumbering,
): PlannedParameter {
  const { code, url, type, description } = parameter;
  const common = { code, url, type, resourceType, ...(description ? { description } : {}) };
  if (special.has(code)) return { plan: { ...common, branches: [], special: true, indexed: true }, branches: [] };
  if (type === 'composite') {
    return { plan: { ...common, ...planComposite(parameter, resourceType, numberOf), indexed: false }, branches: [] };
  }
  if (!isIndexedType(type) || parameter.expression === undefined) {
    return { plan: { ...common, branches: [], indexed: false }, branches: [] };
  }
  const branches = parseBranches(resourceType, parameter.expression, type);
  const target = type === 'reference' ? targetTypes(parameter, branches) : undefined;
  const plan = {
    ...common,
    branches: branches.map((branch) => numberBranch(branch, type, numberOf)),
    ...(target ? { target } : {}),
    indexed: true,
  };
  return { plan, branches };
}
