import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type BundleIndex, indexBundle, resourceFinder } from './bundle-index.ts';
import { checkBundle, isBundle } from './check-bundle.ts';
import { codeSet } from './code-sets.ts';
import type { Surroundings } from './expression/compiled.ts';
import { type Finding, prefix } from './finding.ts';
import { narrativeLinkProblems } from './narrative-links.ts';
import { checkExtension } from './profile/check-extension.ts';
import { checkProfile } from './profile/check-rule.ts';
import { type Holder, type Item, rootItem, visitItems } from './profile/items.ts';
import { coreTypeOf, type Profiles } from './profile/profiles.ts';
import { add, isError, type ProfileFinding, type ProfileWalk } from './profile/walk.ts';
import { checkResponse } from './questionnaire/check-response.ts';
import { containedResource } from './reference-target.ts';
import { findBrokenRules } from './rules.ts';
import { findStructure } from './structure.ts';
import { vitalSignsProfile } from './vital-signs.ts';

export interface Validation {
  readonly profiles: Profiles;
  /** Profiles that the resource must meet, besides those that it claims. */
  readonly against: readonly string[];
  /** Whether extensions without a definition are refused; by default they are mentioned. */
  readonly unknownExtensions?: 'error' | 'information';
  readonly memberOf?: Surroundings['memberOf'];
  /** Definitions by their canonical address: Questionnaires. */
  readonly canonical?: (url: string) => JsonObject | undefined;
  /** Resources outside of this one. */
  readonly elsewhere?: (reference: string) => JsonObject | undefined;
}

const mostRuleFindings = 1000;

/** Everything that can be said about a resource from what is known here; paths start behind its type. */
export function validateResource(resource: JsonObject, validation: Validation): ProfileFinding[] {
  const steps = validateInSteps(resource, validation);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As validateResource, resource by resource of a Bundle, so that others can have their turn between the steps. */
export function* validateInSteps(
  resource: JsonObject,
  validation: Validation,
): Generator<undefined, ProfileFinding[], undefined> {
  const structure = findStructure(resource);
  if (structure.some(isError) || !isResourceType(resource.resourceType)) return structure;
  const bundle = isBundle(resource) ? indexBundle(resource) : undefined;
  const walk = startWalk(resource, validation, bundle);
  const { memberOf, resolve } = walk;
  const rules = findBrokenRules(resource, {
    most: mostRuleFindings,
    isThorough: true,
    ...(resolve && { resolve }),
    ...(memberOf && { memberOf }),
  });
  const findings: ProfileFinding[] = [...structure, ...rules];
  if (bundle) for (const each of checkBundle(resource, bundle)) findings.push(each);
  const waiting: Place[] = [{ resource, root: resource, path: '' }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    visitResource(place, { validation, walk, findings, waiting });
    yield;
  }
  for (const url of validation.against)
    for (const each of checkAgainst(url, rootItem(resource), walk, 'error')) findings.push(each);
  return unrepeated(findings);
}

function startWalk(resource: JsonObject, validation: Validation, bundle: BundleIndex | undefined): ProfileWalk {
  const { memberOf, profiles, elsewhere, unknownExtensions = 'information' } = validation;
  const find = resourceFinder(bundle, elsewhere);
  return {
    resource,
    root: resource,
    findings: [],
    profiles,
    unknownExtensions,
    find,
    resolve: (reference) => find(reference, resource)?.resource,
    underway: new Map(),
    ...(memberOf && { memberOf }),
  };
}

/** A resource in a resource. */
interface Place {
  readonly resource: JsonObject;
  /** What it is contained in, or itself. */
  readonly root: JsonObject;
  readonly path: string;
}

interface Visit {
  readonly validation: Validation;
  readonly walk: ProfileWalk;
  readonly findings: ProfileFinding[];
  /** Resources inside, still to be visited. */
  readonly waiting: Place[];
}

function visitResource({ resource, root, path }: Place, { validation, findings, waiting, ...visit }: Visit): void {
  const walk = { ...visit.walk, resource, root };
  for (const each of below(path, checkClaims(resource, walk))) findings.push(each);
  if (resource.resourceType === 'QuestionnaireResponse') {
    for (const each of below(path, checkAgainstQuestionnaire(resource, root, validation))) findings.push(each);
  }
  visitItems(rootItem(resource), path, (item, itemPath, holder) => {
    if (item.value === resource) return true;
    if (isResourceType(item.type) && isJsonObject(item.value)) {
      const isContained = item.step.startsWith('.contained');
      waiting.push({ resource: item.value, root: isContained ? root : item.value, path: itemPath });
      return false;
    }
    if (lookedAt.has(item.type)) {
      const inner = { ...walk, findings: [] };
      checkItem(item, holder, inner);
      for (const each of below(itemPath, inner.findings)) findings.push(each);
    }
    return true;
  });
}

/** Types of values that have rules of their own beyond the definitions. */
const lookedAt = new Set(['Extension', 'Coding', 'Identifier', 'Attachment', 'xhtml']);

function checkItem(item: Item, holder: Holder, walk: ProfileWalk): void {
  const { type, value } = item;
  if (type === 'Extension') checkExtension(item, holder, walk);
  else if ((type === 'Coding' || type === 'Identifier') && isJsonObject(value) && typeof value.system === 'string') {
    if (!/^[a-z][a-z0-9+.-]*:/i.test(value.system)) add(walk, 'value', 'must be an absolute URI', '.system');
  } else if (type === 'Attachment' && isJsonObject(value)) checkSize(value, walk);
  else if (type === 'xhtml' && typeof value === 'string') {
    for (const problem of narrativeLinkProblems(value, walk.root)) add(walk, 'value', problem);
  }
}

function checkSize({ data, size }: JsonObject, walk: ProfileWalk): void {
  const bytes = typeof data === 'string' ? Buffer.byteLength(data, 'base64') : undefined;
  if (bytes === undefined || typeof size !== 'number' || size === bytes) return;
  add(walk, 'value', `says ${size} bytes, and data has ${bytes}`, '.size');
}

function checkAgainstQuestionnaire(
  response: JsonObject,
  root: JsonObject,
  { canonical, memberOf }: Validation,
): ProfileFinding[] {
  const { questionnaire: url } = response;
  if (typeof url !== 'string') return [];
  const found = url.startsWith('#') ? containedResource(root, url.slice(1)) : canonical?.(url);
  if (!found) {
    const problem = `was not checked against ${url}, which is not known here`;
    return [{ severity: 'warning', code: 'not-found', path: '.questionnaire', problem }];
  }
  if (found.resourceType !== 'Questionnaire') {
    const problem = `must name a Questionnaire, not a ${String(found.resourceType)}`;
    return [{ severity: 'error', code: 'value', path: '.questionnaire', problem }];
  }
  return checkResponse(response, found, { memberOf: answeringFor(memberOf) });
}

/** Codes of R4's own value sets are known without asking. */
const answeringFor =
  (memberOf: Validation['memberOf']): NonNullable<Validation['memberOf']> =>
  (value, url) => {
    const known = codeSet(url);
    if (!known) return memberOf?.(value, url);
    if (typeof value === 'string') return known.hasCode(value);
    if (!isJsonObject(value) || typeof value.code !== 'string') return false;
    return typeof value.system === 'string' ? known.has(value.system, value.code) : known.hasCode(value.code);
  };

/** The profiles that a resource says it meets. */
export function claimsOf({ meta }: JsonObject): string[] {
  const claimed = isJsonObject(meta) && Array.isArray(meta.profile) ? meta.profile : [];
  return claimed.filter((url) => typeof url === 'string');
}

/** `meta.profile`, and what R4 asks of vital signs. */
function checkClaims(resource: JsonObject, walk: ProfileWalk): ProfileFinding[] {
  const implied = vitalSignsProfile(resource);
  const urls = new Set([...claimsOf(resource), ...(implied === undefined ? [] : [implied])]);
  return [...urls].flatMap((url) => checkAgainst(url, rootItem(resource), walk));
}

/** Where a resource of sound structure breaks a profile that it claims, as far as the profile is known. */
export function findBrokenClaims(resource: JsonObject, known: Omit<Validation, 'against'>): ProfileFinding[] {
  const bundle = isBundle(resource) ? indexBundle(resource) : undefined;
  const walk = startWalk(resource, { ...known, against: [] }, bundle);
  const findings = claimsOf(resource).flatMap((url) =>
    walk.profiles.find(url) ? checkAgainst(url, rootItem(resource), walk) : [],
  );
  return unrepeated(findings).filter(({ severity }) => severity === 'error');
}

/** A profile that is claimed may be unknown; one that was asked for may not. */
function checkAgainst(
  url: string,
  item: Item,
  walk: ProfileWalk,
  ifUnknown: 'error' | 'warning' = 'warning',
): ProfileFinding[] {
  if (coreTypeOf(url) === item.type) return [];
  const profile = walk.profiles.find(url);
  if (!profile) {
    const problem = `was not checked against ${url}, which is not known here`;
    return [{ severity: ifUnknown, code: 'not-found', path: '', problem }];
  }
  const findings: ProfileFinding[] = [];
  checkProfile(profile, item, { ...walk, findings });
  return findings.map((finding) => ({ ...finding, profile: url }));
}

function below<T extends Finding>(path: string, findings: T[]): T[] {
  prefix(findings, 0, path);
  return findings;
}

/** Two profiles may ask for the same: that something is there, or has a code, is said once of each place. */
function unrepeated(findings: readonly ProfileFinding[]): ProfileFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, problem, severity, code }) => {
    const isSaidOnce = code === 'required' || code === 'code-invalid';
    const key = `${severity}|${code}|${path}|${isSaidOnce ? '' : problem}`;
    return !seen.has(key) && seen.add(key);
  });
}
