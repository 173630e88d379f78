import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { indexBundle, resourceFinder } from './bundle-index.ts';
import { checkBundle, isBundle } from './check-bundle.ts';
import type { Surroundings } from './expression/compiled.ts';
import { type Finding, prefix } from './finding.ts';
import { checkExtension } from './profile/check-extension.ts';
import { checkProfile } from './profile/check-rule.ts';
import { type Item, rootItem, visitItems } from './profile/items.ts';
import { coreTypeOf, type Profiles } from './profile/profiles.ts';
import { isError, type ProfileFinding, type ProfileWalk } from './profile/walk.ts';
import { findBrokenRules } from './rules.ts';
import { findStructure } from './structure.ts';

export interface Validation {
  readonly profiles: Profiles;
  /** Profiles that the resource must meet, besides those that it claims. */
  readonly against: readonly string[];
  readonly memberOf?: Surroundings['memberOf'];
  /** Definitions by their canonical address: Questionnaires. */
  readonly canonical?: (url: string) => JsonObject | undefined;
  /** Resources outside of this one. */
  readonly elsewhere?: (reference: string) => JsonObject | undefined;
}

const mostRuleFindings = 1000;

/** Everything that can be said about a resource from what is known here; paths start behind its type. */
export function validateResource(resource: JsonObject, validation: Validation): ProfileFinding[] {
  const structure = findStructure(resource);
  if (structure.some(isError) || !isResourceType(resource.resourceType)) return structure;
  const bundle = isBundle(resource) ? indexBundle(resource) : undefined;
  const find = resourceFinder(bundle, validation.elsewhere);
  const { memberOf, profiles } = validation;
  const resolve = (reference: string): JsonObject | undefined => find(reference, resource)?.resource;
  const rules = findBrokenRules(resource, {
    most: mostRuleFindings,
    isThorough: true,
    resolve,
    ...(memberOf && { memberOf }),
  });
  const walk: ProfileWalk = {
    resource,
    root: resource,
    findings: [],
    profiles,
    find,
    resolve,
    underway: new Map(),
    ...(memberOf && { memberOf }),
  };
  const findings: ProfileFinding[] = [...structure, ...rules];
  if (bundle) findings.push(...checkBundle(resource, bundle));
  visitResource(resource, resource, '', walk, findings);
  for (const url of validation.against) findings.push(...checkAgainst(url, rootItem(resource), walk));
  return unrepeated(findings);
}

function visitResource(
  resource: JsonObject,
  root: JsonObject,
  path: string,
  walk: ProfileWalk,
  findings: ProfileFinding[],
): void {
  const around = { ...walk, resource, root };
  findings.push(...below(path, checkClaims(resource, around)));
  visitItems(rootItem(resource), path, (item, itemPath, holder) => {
    if (item.value === resource) return true;
    if (isResourceType(item.type) && isJsonObject(item.value)) {
      const isContained = item.step.startsWith('.contained');
      visitResource(item.value, isContained ? root : item.value, itemPath, walk, findings);
      return false;
    }
    if (item.type === 'Extension') {
      const inner = { ...around, findings: [] };
      checkExtension(item, holder, inner);
      findings.push(...below(itemPath, inner.findings));
    }
    return true;
  });
}

/** `meta.profile` says what a resource claims to meet. */
function checkClaims(resource: JsonObject, walk: ProfileWalk): ProfileFinding[] {
  const claimed = isJsonObject(resource.meta) && Array.isArray(resource.meta.profile) ? resource.meta.profile : [];
  return claimed.flatMap((url: JsonValue) =>
    typeof url === 'string' ? checkAgainst(url, rootItem(resource), walk) : [],
  );
}

function checkAgainst(url: string, item: Item, walk: ProfileWalk): ProfileFinding[] {
  if (coreTypeOf(url) === item.type) return [];
  const profile = walk.profiles.find(url);
  if (!profile) {
    const problem = `was not checked against ${url}, which is not known here`;
    return [{ severity: 'warning', code: 'not-found', path: '', problem }];
  }
  const findings: ProfileFinding[] = [];
  checkProfile(profile, item, { ...walk, findings });
  return findings.map((finding) => ({ ...finding, problem: `${finding.problem} (profile ${url})` }));
}

function below<T extends Finding>(path: string, findings: T[]): T[] {
  prefix(findings, 0, path);
  return findings;
}

/** Two profiles may ask for the same. */
function unrepeated(findings: readonly ProfileFinding[]): ProfileFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, problem, severity }) => {
    const key = `${severity}|${path}|${problem}`;
    return !seen.has(key) && seen.add(key);
  });
}
