import { type SearchParameterModel, typeModel } from '../definitions/index.ts';
import { elementPaths, printSqlPath } from './element-path.ts';
import { isIndexedType, type ParsedBranch, parseBranches } from './parameter-branches.ts';
import { parsePaths, printPath } from './path-expression.ts';
import type { PathKind, PathNumbering } from './path-numbers.ts';
import { type FindDefinition, findDefinition, type PlannedComposite, planComposite } from './plan-composite.ts';
import { position } from './position-values.ts';
import type { SearchBranch, SearchParameterPlan } from './search-parameter-plan.ts';

/** Answered from the columns of the resource table, and from the words of its texts. */
const special = new Set(['_id', '_lastUpdated', '_text', '_content']);

/** A plan with what its extractor needs. */
export interface PlannedParameter {
  readonly plan: SearchParameterPlan;
  /** As many as the plan has branches, and in their order. */
  readonly branches: readonly ParsedBranch[];
  readonly composites?: readonly PlannedComposite[];
}

function numberBranch(branch: ParsedBranch, kind: PathKind, numberOf: PathNumbering): SearchBranch {
  const valueTypes = [...new Set(branch.values.map(({ element }) => element.type))];
  return {
    path: numberOf(kind, branch.expression),
    ...(kind === 'token' && valueTypes.includes('Identifier')
      ? { ofTypePath: numberOf('identifier-of-type', branch.expression) }
      : {}),
    ...(kind === 'reference' && valueTypes.includes('Reference')
      ? { identifierPath: numberOf('reference-identifier', branch.expression) }
      : {}),
    ...(kind === 'token' ? { places: branch.values.map(({ element }) => printSqlPath(element.steps)) } : {}),
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

/** `Location.near`: the elements that have a latitude and a longitude. */
function planPosition({ expression = '' }: SearchParameterModel, resourceType: string, numberOf: PathNumbering) {
  const branches = parsePaths(expression).flatMap((path): ParsedBranch[] => {
    const elements = elementPaths(resourceType, path.slice(1)).filter(({ type }) => isPosition(type));
    const values = elements.map((element) => ({ element, convert: position }));
    return values.length === 0 ? [] : [{ expression: printPath(path), values }];
  });
  return { branches, numbered: branches.map((branch) => numberBranch(branch, 'position', numberOf)) };
}

const isPosition = (type: string): boolean => {
  const { latitude, longitude } = typeModel(type)?.elements ?? {};
  return latitude?.type === 'decimal' && longitude?.type === 'decimal';
};

/**
 * What a search parameter means for one of the resource types that it holds for. Parameters that are not R4's own take
 * their path numbers and the definitions of their components from outside.
 */
export function planParameter(
  parameter: SearchParameterModel,
  resourceType: string,
  numberOf: PathNumbering,
  find: FindDefinition = findDefinition,
): PlannedParameter {
  const { code, url, type, description } = parameter;
  const common = { code, url, type, resourceType, ...(description ? { description } : {}) };
  if (special.has(code)) return { plan: { ...common, branches: [], special: true, indexed: true }, branches: [] };
  if (type === 'composite') {
    const { branches, components, composites } = planComposite(parameter, resourceType, numberOf, find);
    const plan = { ...common, branches, ...(components ? { components } : {}), indexed: true };
    return { plan, branches: [], composites };
  }
  if (type === 'special' && parameter.expression !== undefined) {
    const { branches, numbered } = planPosition(parameter, resourceType, numberOf);
    return { plan: { ...common, branches: numbered, indexed: branches.length > 0 }, branches };
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
