import { isJsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import { isOfType } from '../expression/member.ts';
import { prefix } from '../finding.ts';
import { checkReference } from './check-reference.ts';
import { checkSlices } from './check-slices.ts';
import { checkValueRules } from './check-value.ts';
import { hasElement, type Item, isPrimitiveType, itemsOf } from './items.ts';
import { coreTypeOf, type Profile } from './profiles.ts';
import type { Rule, TypeRule } from './rule.ts';
import { add, apart, isError, type ProfileFinding, type ProfileWalk } from './walk.ts';

/** Checks a value against a profile. The value's structure must have been found sound. */
export function checkProfile(profile: Profile, item: Item, walk: ProfileWalk): void {
  const { value } = item;
  if (value === undefined) return;
  if (!isOfType(item.type, profile.type)) {
    add(walk, 'value', `must be a ${profile.type}, as ${profile.url} is about, not a ${item.type}`);
    return;
  }
  const underway = walk.underway.get(value) ?? new Set();
  if (underway.has(profile.url)) return;
  underway.add(profile.url);
  walk.underway.set(value, underway);
  checkRule(profile.rules, item, within(item, walk));
  underway.delete(profile.url);
}

/** Whether a value meets a profile; its own findings are of no interest. */
export const conforms = (profile: Profile, item: Item, walk: ProfileWalk): boolean =>
  !apart(walk, (inner) => checkProfile(profile, item, inner)).some(isError);

/** What a rule says of a resource's place is said from outside of it, the rest from inside. */
export function checkRule(rule: Rule, item: Item, walk: ProfileWalk): void {
  checkValueRules(rule, item, walk);
  if (rule.types !== undefined) checkTypes(rule.types, item, walk);
  if (item.value === undefined && !isPrimitiveType(item.type)) return;
  const inside = within(item, walk);
  for (const child of rule.children.values()) checkElement(child, item, inside);
}

function within({ type, value }: Item, walk: ProfileWalk): ProfileWalk {
  if (!isResourceType(type) || !isJsonObject(value)) return walk;
  const { contained } = walk.root;
  const isContained = Array.isArray(contained) && contained.includes(value);
  return { ...walk, resource: value, root: isContained ? walk.root : value };
}

/** All values of an element: how many there are, how they are sliced, and each by itself. */
function checkElement(rule: Rule, holder: Item, walk: ProfileWalk): void {
  if (!hasElement(holder.type, rule.name)) return;
  const items = itemsOf(holder, rule.name);
  checkCount(rule, items.length, walk);
  if (rule.slices.size > 0) checkSlices(rule, items, walk, { checkRule, conforms });
  for (const item of items) {
    const before = walk.findings.length;
    checkRule(rule, item, walk);
    prefix(walk.findings, before, item.step);
  }
}

function checkCount({ name, min = 0, max = Number.POSITIVE_INFINITY }: Rule, count: number, walk: ProfileWalk): void {
  const path = `.${name.replace('[x]', '')}`;
  if (count < min) {
    add(
      walk,
      'required',
      min === 1 ? 'is missing: the profile requires it' : `is there ${count} times, and must be at least ${min} times`,
      path,
    );
  }
  if (count > max) {
    const problem = max === 0 ? 'must not be there' : `is there ${count} times, and may be at most ${max} times`;
    add(walk, 'structure', problem, path);
  }
}

function checkTypes(types: readonly TypeRule[], item: Item, walk: ProfileWalk): void {
  const fitting = types.filter(({ code }) => isOfDeclaredType(item.type, code));
  if (fitting.length === 0) {
    const codes = types.map(({ code }) => code).join(', ');
    add(walk, 'structure', `must be of the type ${codes}, not ${item.type}`);
    return;
  }
  if (item.value === undefined) return;
  if (item.type === 'Reference' || item.type === 'canonical') checkReference(fitting, item, walk, conforms);
  checkTypeProfiles(fitting, item, walk);
}

export const isOfDeclaredType = (type: string, declared: string): boolean =>
  declared.startsWith('http://hl7.org/fhirpath/') ||
  (type.includes('.') && (declared === 'BackboneElement' || declared === 'Element')) ||
  isOfType(type, declared);

/** One of the profiles that stand with the type must be met. */
function checkTypeProfiles(types: readonly TypeRule[], item: Item, walk: ProfileWalk): void {
  if (types.some(({ profiles }) => profiles.length === 0)) return;
  const urls = types.flatMap(({ profiles }) => profiles);
  const ofCore = urls.flatMap((url) => coreTypeOf(url) ?? []);
  if (ofCore.some((type) => isOfType(item.type, type))) return;
  if (ofCore.length === urls.length) {
    add(walk, 'value', `must be a ${ofCore.join(' or ')}, not a ${item.type}`);
    return;
  }
  const attempts: ProfileFinding[][] = [];
  for (const url of urls.filter((candidate) => coreTypeOf(candidate) === undefined)) {
    const profile = walk.profiles.find(url);
    if (!profile) {
      add(
        walk,
        'not-supported',
        `cannot be checked against the profile ${url}, which is not known here`,
        '',
        'warning',
      );
      return;
    }
    const findings = apart(walk, (inner) => checkProfile(profile, item, inner));
    if (!findings.some(isError)) {
      for (const each of findings) walk.findings.push(each);
      return;
    }
    attempts.push(findings);
  }
  const [only] = attempts;
  if (attempts.length === 1 && only) for (const each of only) walk.findings.push(each);
  else if (attempts.length > 1) add(walk, 'value', `meets none of the profiles ${urls.join(', ')}`);
}
