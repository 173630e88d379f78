import { isResourceType, type SearchParameterModel } from '../definitions/index.ts';
import { type ElementPath, elementPaths, isOfType } from './element-path.ts';
import { type Path, parsePaths, printPath } from './path-expression.ts';
import type { IndexedType, SearchParameterType } from './search-parameter-plan.ts';
import { type Conversion, conversionOf } from './value-conversion.ts';

/** A value that an extractor takes from one place, and what becomes of it. */
export interface BranchValue {
  readonly element: ElementPath;
  readonly convert: Conversion;
}

/** A branch of a parameter in its normal form: without the resource's name, conditions on targets apart. */
export interface ParsedBranch {
  readonly expression: string;
  readonly values: readonly BranchValue[];
  readonly targets?: readonly string[];
}

const indexedTypes = new Set<SearchParameterType>([
  'number',
  'date',
  'string',
  'token',
  'reference',
  'quantity',
  'uri',
]);

export const isIndexedType = (type: SearchParameterType): type is IndexedType => indexedTypes.has(type);

/** The steps below a resource type, or undefined when the branch is about another type. */
function below(path: Path, resourceType: string): Path | undefined {
  const [first] = path;
  if (first?.kind !== 'member') return undefined;
  if (first.name === resourceType || ['Resource', 'DomainResource', '%resource'].includes(first.name))
    return path.slice(1);
  // R4 writes one branch without its type: Organization.name | alias.
  return isResourceType(first.name) ? undefined : path;
}

/** `as` steps at the end of branches that are equal otherwise become one step, so that a choice is one path. */
function mergeChoices(paths: readonly Path[]): Path[] {
  const merged = new Map<string, Path>();
  for (const path of paths) {
    const last = path.at(-1);
    if (last?.kind !== 'as') {
      merged.set(printPath(path), path);
      continue;
    }
    const base = path.slice(0, -1);
    const key = `${printPath(base)}.as`;
    const before = merged.get(key)?.at(-1);
    const types = before?.kind === 'as' ? [...before.types, ...last.types] : last.types;
    merged.set(key, [...base, { kind: 'as', types: [...new Set(types)].sort() }]);
  }
  return [...merged.values()];
}

/** A type that the index takes nothing from (SampledData) would only give equal branches different names. */
function withoutUnindexed(path: Path, values: readonly BranchValue[]): Path {
  const last = path.at(-1);
  if (last?.kind !== 'as') return path;
  const types = last.types.filter((type) => values.some(({ element }) => isOfType(element.type, type)));
  return [...path.slice(0, -1), { kind: 'as', types }];
}

function withoutTargets(path: Path): Path {
  return path.at(-1)?.kind === 'resolves-to' ? path.slice(0, -1) : path;
}

function targetsOf(paths: readonly Path[], base: string): string[] | undefined {
  const same = paths.filter((path) => printPath(withoutTargets(path)) === base).map((path) => path.at(-1));
  if (same.some((step) => step?.kind !== 'resolves-to')) return undefined;
  return same.flatMap((step) => (step?.kind === 'resolves-to' ? step.types : []));
}

function valuesOf(root: string, steps: Path, kind: IndexedType): BranchValue[] {
  return elementPaths(root, steps).flatMap((element) => {
    const convert = conversionOf(kind, element.type, element.owner, element.element);
    return convert ? [{ element, convert }] : [];
  });
}

/**
 * The branches of an expression for one resource type. Branches without values that the index can take are left out;
 * throws a Failure `not-supported` when the expression cannot be followed.
 */
export function parseBranches(resourceType: string, expression: string, kind: IndexedType): ParsedBranch[] {
  const paths = parsePaths(expression).flatMap((path) => {
    const steps = below(path, resourceType);
    return steps ? [steps] : [];
  });
  const bases = new Map(mergeChoices(paths.map(withoutTargets)).map((path) => [printPath(path), path]));
  return [...bases].flatMap(([base, path]) => {
    const values = valuesOf(resourceType, path, kind);
    if (values.length === 0) return [];
    const targets = targetsOf(paths, base);
    const normal = printPath([{ kind: 'member', name: resourceType }, ...withoutUnindexed(path, values)]);
    return [{ expression: normal, values, ...(targets?.length ? { targets } : {}) }];
  });
}

const plainResources = new Set(['Binary', 'Bundle', 'Parameters']);

/** Does a parameter hold for a resource type? */
export const appliesTo = ({ base }: SearchParameterModel, resourceType: string): boolean =>
  base.includes(resourceType) ||
  base.includes('Resource') ||
  (base.includes('DomainResource') && !plainResources.has(resourceType));
