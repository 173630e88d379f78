import { Failure } from '#lib/failure.ts';
import { isResourceType } from '../definitions/index.ts';
import type { SearchBranch, SearchParameterPlan } from '../indexing/index.ts';
import { all, any, type Condition, type TokenCondition } from './condition.ts';
import { criterionCondition } from './criterion.ts';
import { targetTypes } from './reference-criterion.ts';
import {
  findParameter,
  NotSupported,
  NotUnderstood,
  requireExpansions,
  restricted,
  type SearchScope,
} from './scope.ts';

const deepest = 8;
/** A chain that does not name the type is followed to all types that have the parameter, if they are not too many. */
const mostTypes = 30;

/** The condition of a parameter as written: `code:not`, `subject:Patient.name`, `_has:Observation:patient:code`. */
export function parseCriterion(scope: SearchScope, name: string, value: string, depth = 1): Condition {
  if (depth > deepest) throw tooDeep();
  if (name.startsWith('_has:')) return reverseChain(scope, name, value, depth);
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const colon = head.indexOf(':');
  const code = colon < 0 ? head : head.slice(0, colon);
  const modifier = colon < 0 ? undefined : head.slice(colon + 1);
  if (dot < 0) return criterionCondition(scope, code, modifier, value);
  return chain(scope, { code, type: modifier, rest: name.slice(dot + 1), value, depth });
}

/** The first link of a chain, and what follows it. */
interface Link {
  readonly code: string;
  readonly type: string | undefined;
  readonly rest: string;
  readonly depth: number;
}

function chain(scope: SearchScope, link: Link & { value: string }): Condition {
  return followChain(scope, link, (target) => parseCriterion(target, link.rest, link.value, link.depth + 1));
}

/** What must hold for the targets of a reference parameter: of every type that it may point to and that has the next parameter. */
export function followChain(
  scope: SearchScope,
  { code, type, rest, depth }: Link,
  conditionOf: (target: SearchScope) => Condition,
): Condition {
  if (depth > deepest) throw tooDeep();
  const plans = referenceParameter(scope, code);
  if (type !== undefined && !isResourceType(type)) {
    throw new NotSupported(`"${type}" in "${code}:${type}.${rest}" is no resource type.`);
  }
  const next = rest.startsWith('_has:') ? undefined : (/^[^.:]*/.exec(rest)?.[0] ?? '');
  const conditions: Condition[] = [];
  for (const target of type === undefined ? unionOfTargets(plans) : [type]) {
    if (next !== undefined && !scope.registry.find(target, next)) continue;
    const branches = plans.flatMap((plan) =>
      plan.branches.filter((branch) => targetTypes(plan, branch).includes(target)),
    );
    if (branches.length === 0) continue;
    const condition = restricted(scope, target, conditionOf({ ...scope, types: [target] }));
    const paths = branches.filter((branch) => !isCanonical(branch)).map(({ path }) => path);
    if (paths.length > 0) conditions.push({ is: 'chain', paths, type: target, condition });
    const canonicals = branches.filter(isCanonical).map(({ path }) => path);
    if (canonicals.length > 0) conditions.push(...canonicalChain(scope, canonicals, target, condition));
  }
  if (conditions.length === 0) throw new NotUnderstood(`No target of "${code}" has the search parameter "${rest}".`);
  if (conditions.length > mostTypes) {
    throw new Failure(
      'too-costly',
      `"${code}.${rest}" fits ${conditions.length} types: name one, as in "${code}:Patient.${rest}".`,
    );
  }
  return any(conditions);
}

const isCanonical = ({ valueTypes }: SearchBranch): boolean =>
  valueTypes.every((type) => type === 'canonical' || type === 'uri');

/** References by URL: the URLs of the targets are looked up first. Types without a URL cannot be meant. */
function canonicalChain(
  scope: SearchScope,
  paths: readonly number[],
  type: string,
  condition: Condition,
): TokenCondition[] {
  const urlPath = scope.registry.find(type, 'url')?.branches[0]?.path;
  if (urlPath === undefined) return [];
  const expansions = requireExpansions(scope, 'canonical');
  const keys = expansions.keysOf({ of: 'canonical', type, condition, urlPath, paths });
  return [{ is: 'token', rare: true, keys, paths: [], codes: [], systems: [] }];
}

const tooDeep = (): Failure => new Failure('too-costly', `A chain may have ${deepest} links, not more.`);

function unionOfTargets(plans: readonly SearchParameterPlan[]): Set<string> {
  return new Set(plans.flatMap((plan) => plan.branches.flatMap((branch) => targetTypes(plan, branch))));
}

/** `_has:Observation:patient:code`: an Observation refers to this as its patient, and has that code. */
function reverseChain(scope: SearchScope, name: string, value: string, depth: number): Condition {
  const [, type = '', code = '', ...others] = name.split(':');
  const rest = others.join(':');
  if (!isResourceType(type) || code === '' || rest === '') {
    throw new Failure('value', `"${name}" is no reverse chain: write _has:[type]:[reference parameter]:[parameter].`);
  }
  const sources = { ...scope, types: [type] };
  const plans = referenceParameter(sources, code);
  const condition = restricted(scope, type, parseCriterion(sources, rest, value, depth + 1));
  const conditions = scope.types.flatMap((target): Condition[] => {
    const branches = plans.flatMap((plan) =>
      plan.branches.filter((branch) => targetTypes(plan, branch).includes(target)),
    );
    if (branches.some(isCanonical)) {
      throw new NotSupported(`_has does not follow ${type}.${code}, which refers by URL. Search for ${type} instead.`);
    }
    const paths = branches.map(({ path }) => path);
    return paths.length === 0 ? [] : [{ is: 'reverse', paths, type, target, condition }];
  });
  if (conditions.length === 0) {
    throw new NotUnderstood(`${type}.${code} does not refer to ${scope.types.join(' or ')}.`);
  }
  return any(conditions);
}

function referenceParameter(scope: SearchScope, code: string): readonly SearchParameterPlan[] {
  const plans = findParameter(scope, code);
  if (plans[0].type !== 'reference') {
    throw new NotSupported(`"${code}" is a ${plans[0].type} parameter: only references can be chained.`);
  }
  return plans;
}

/** `_list=1`: what the List names as its items. https://hl7.org/fhir/R4/search.html#list */
export function listCondition(scope: SearchScope, value: string): Condition {
  if (value.startsWith('$'))
    throw new NotSupported(`_list=${value}: lists by function are not supported; name a List.`);
  if (scope.types.length > mostTypes) {
    throw new NotSupported(`_list needs a resource type, or up to ${mostTypes} of them in _type.`);
  }
  return parseCriterion(scope, '_has:List:item:_id', value.replace(/(^|,)List\//g, '$1'));
}

/** `Patient/1/Observation`: what one of the compartment's parameters ties to that resource. */
export function compartmentCondition(scope: SearchScope, codes: readonly string[], reference: string): Condition {
  return any(codes.map((code) => all([criterionCondition(scope, code, undefined, reference)])));
}
