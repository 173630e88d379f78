import { resourceTypes } from '#fhir/definitions/index.ts';
import { anySystem, anyValue, type SearchParameterPlan, searchParameter, tokenKey } from '#fhir/indexing/index.ts';
import { all, any, type Condition, nothing, patientPaths } from '#fhir/search/index.ts';
import type { Party } from './standing.ts';

/** `Organization/1` in its parts. */
export function partsOf(reference: string): { type: string; id: string } {
  const [type = '', id = ''] = reference.split('/');
  return { type, id };
}

/** Refers by one of these search parameters, as far as the type has them, to one of these parties. */
export function refersTo(type: string, codes: readonly string[], parties: readonly Party[]): Condition {
  const targets = codes.flatMap((code) => {
    const plan = searchParameter(type, code);
    if (plan?.type !== 'reference') return [];
    return parties
      .map(targetOf)
      .flatMap((target) =>
        plan.branches
          .filter((branch) => canPointTo(plan, branch.targets, target.type))
          .map(({ path }) => ({ path, ...target })),
      );
  });
  return targets.length === 0 ? nothing : { is: 'reference', targets };
}

/** A Patient may have been merged: that is followed from its id. */
function targetOf({ reference, rid }: Party): { type: string; id: string; rid?: number } {
  const target = partsOf(reference);
  return target.type === 'Patient' ? target : { ...target, rid };
}

function canPointTo(plan: SearchParameterPlan, ofBranch: readonly string[] | undefined, target: string): boolean {
  const targets = ofBranch ?? plan.target ?? [];
  return targets.length === 0 || targets.includes('Resource') || targets.includes(target);
}

/** Refers by one of these search parameters to a resource of that type that meets the condition. */
export function through(type: string, codes: readonly string[], target: string, condition: Condition): Condition {
  if (isNever(condition)) return nothing;
  const paths = codes.flatMap((code) => {
    const plan = searchParameter(type, code);
    if (plan?.type !== 'reference') return [];
    return plan.branches.filter((branch) => canPointTo(plan, branch.targets, target)).map(({ path }) => path);
  });
  return paths.length === 0 ? nothing : { is: 'chain', paths, type: target, condition };
}

/** Names no patient at all: neither by a reference nor by an identifier in its place. */
export function aboutNobody(type: string): Condition {
  const plans = ['patient', 'subject'].flatMap((code) => searchParameter(type, code) ?? []);
  const branches = plans.flatMap((plan) => plan.branches);
  const paths = [...new Set([...branches.map(({ path }) => path), ...patientPaths(type)])];
  const unresolved = [...paths, ...branches.flatMap(({ identifierPath }) => identifierPath ?? [])];
  const keys = unresolved.map((path) => tokenKey(path, anySystem, anyValue));
  return { is: 'not', condition: { is: 'present', table: 'reference', paths, keys } };
}

/** Carries one of these codes by a token parameter; nothing where the type does not have it. */
export function hasToken(type: string, parameter: string, system: string, codes: readonly string[]): Condition {
  const paths = (searchParameter(type, parameter)?.branches ?? []).map(({ path }) => path);
  const keys = paths.flatMap((path) => codes.map((code) => tokenKey(path, system, code)));
  return keys.length === 0 ? nothing : { is: 'token', keys, paths: [], codes: [], systems: [] };
}

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** Labelled restricted or very restricted: all that has a label of sensitivity has one of these, too. */
export const isRestricted = (type: string): Condition => hasToken(type, '_security', confidentiality, ['R', 'V']);

export const hasSensitivity = (type: string, codes: readonly string[]): Condition =>
  hasToken(type, '_security', actCode, codes);

export const isNever = (condition: Condition | undefined): boolean =>
  condition?.is === 'any' && condition.conditions.length === 0;

/** One of them holds; undefined stands for what always holds. */
export function either(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  if (conditions.some((condition) => condition === undefined)) return undefined;
  return any(conditions.filter((condition): condition is Condition => !isNever(condition)));
}

/** All of them hold; undefined stands for what always holds. */
export function both(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  if (given.some(isNever)) return nothing;
  return given.length === 0 ? undefined : all(given);
}

/** The opposite; undefined where that always holds. */
export function unless(condition: Condition | undefined): Condition | undefined {
  if (condition === undefined) return nothing;
  return isNever(condition) ? undefined : { is: 'not', condition };
}

const patientTypes = new Set(resourceTypes.filter((type) => type === 'Patient' || patientPaths(type).length > 0));

/** Whether it can belong to the record of a patient. */
export const isOfRecord = (type: string): boolean => patientTypes.has(type);
