import { isResourceType, resourceTypes } from '../definitions/index.ts';
import type { SearchParameterPlan } from '../indexing/index.ts';
import { targetTypes } from './reference-criterion.ts';
import type { Include } from './request.ts';
import { NotUnderstood, type SearchScope } from './scope.ts';

/**
 * `_include=Observation:subject:Patient`, `_revinclude:iterate=Provenance:target`, `_include=*`.
 * https://hl7.org/fhir/R4/search.html#include
 */
export function parseInclude(scope: SearchScope, name: string, value: string): Include {
  const [parameter, modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw new NotUnderstood(`Modifier :${modifier} does not exist for ${parameter}; write ${parameter}:iterate.`);
  }
  const text = `${name}=${value}`;
  const iterate = modifier !== undefined;
  const direction = parameter === '_include' ? 'forward' : 'reverse';
  const [sourceType = '', code, targetType, ...more] = value.split(':');
  if (more.length > 0)
    throw new NotUnderstood(`${text} has too many parts: write [type]:[reference parameter]:[target type].`);
  if (targetType !== undefined && !isResourceType(targetType)) throw notUnderstood(text, targetType);
  if (value === '*' || code === '*') {
    if (value !== '*' && !isResourceType(sourceType)) throw notUnderstood(text, sourceType);
    const source = value === '*' ? undefined : sourceType;
    return { direction, iterate, text, sourceType: source, targetType, paths: everyPath(scope, direction, source) };
  }
  if (!isResourceType(sourceType)) throw notUnderstood(text, sourceType);
  const plan = scope.registry.find(sourceType, code ?? '');
  if (plan?.type !== 'reference') {
    throw new NotUnderstood(`${text}: ${sourceType} has no reference parameter "${code ?? ''}".`);
  }
  const only = targetType ?? restriction(plan);
  return { direction, iterate, text, sourceType, targetType: only, paths: plan.branches.map(({ path }) => path) };
}

/** `Observation:patient` reads the subject, but includes patients only. */
function restriction({ branches }: SearchParameterPlan): string | undefined {
  const targets = new Set(branches.flatMap(({ targets }) => targets ?? ['']));
  const [only] = targets;
  return targets.size === 1 && only ? only : undefined;
}

/** Forward, every reference of a resource stands together: no path need be named, unless a type is. */
function everyPath(scope: SearchScope, direction: Include['direction'], sourceType: string | undefined) {
  if (direction === 'forward' && sourceType === undefined) return undefined;
  const paths = new Set<number>();
  for (const type of sourceType === undefined ? resourceTypes : [sourceType]) {
    for (const plan of scope.registry.ofType(type)) {
      if (plan.type !== 'reference') continue;
      for (const branch of plan.branches) {
        const targets = targetTypes(plan, branch);
        if (direction === 'forward' || scope.types.some((target) => targets.includes(target))) paths.add(branch.path);
      }
    }
  }
  return [...paths];
}

const notUnderstood = (text: string, type: string): NotUnderstood =>
  new NotUnderstood(`${text}: "${type}" is no resource type; write [type]:[reference parameter], or *.`);
