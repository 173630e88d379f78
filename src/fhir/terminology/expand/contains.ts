import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from '../code-system.ts';
import type { Concept } from '../concept.ts';
import { meets } from '../condition.ts';
import { objectAt, objectsAt, textAt } from '../element.ts';
import { readFilter } from '../filter.ts';
import type { Scope } from '../scope.ts';
import type { Include, PreparedValueSet } from '../validate/prepare.ts';
import { findRuled } from '../validate/version-choice.ts';
import { matchesVersion } from '../version.ts';

/** A code as a value set may contain it. */
export interface CodeIdentity {
  readonly system: string;
  readonly version: string | undefined;
  readonly code: string;
  /** Where they have been looked up already. */
  readonly codeSystem?: CodeSystem | undefined;
  readonly concept?: Concept | undefined;
}

/** Whether a value set contains a code; undefined when something that it needs is not known. */
export async function contains(
  scope: Scope,
  valueSet: PreparedValueSet,
  identity: CodeIdentity,
): Promise<boolean | undefined> {
  const { resource } = valueSet.found;
  if (!objectAt(resource, 'compose')) return isListed(objectAt(resource, 'expansion'), identity);
  let isUnknown = false;
  for (const include of valueSet.includes) {
    const isIn = await isInInclude(scope, include, identity, valueSet.isActiveOnly);
    if (isIn) return !(await isExcluded(scope, valueSet, identity));
    if (isIn === undefined) isUnknown = true;
  }
  return isUnknown ? undefined : false;
}

/** Whether an exclusion of the value set takes the code out. */
export async function isExcluded(scope: Scope, valueSet: PreparedValueSet, identity: CodeIdentity): Promise<boolean> {
  for (const exclude of valueSet.excludes) {
    const isOther = exclude.version !== undefined && identity.version !== undefined;
    const isKept = isOther && !matchesVersion(exclude.version ?? '', identity.version ?? '');
    if (isKept && !scope.settings.isSet('versionsMatch')) continue;
    if (await isInInclude(scope, exclude, identity, false)) return true;
  }
  return false;
}

async function isInInclude(
  scope: Scope,
  include: Include,
  identity: CodeIdentity,
  isActiveOnly: boolean,
): Promise<boolean | undefined> {
  await scope.spend();
  let isIn: boolean | undefined = true;
  if (include.system !== undefined) {
    if (include.system !== identity.system) return false;
    isIn = await isInSystem(scope, include, identity, isActiveOnly);
  }
  for (const imported of include.imports) {
    if (!isIn) return isIn;
    isIn = await contains(scope, imported, identity);
  }
  return isIn;
}

async function isInSystem(
  scope: Scope,
  include: Include,
  identity: CodeIdentity,
  isActiveOnly: boolean,
): Promise<boolean | undefined> {
  const { code } = identity;
  const isNamed = include.concepts?.some((one) => textAt(one, 'code') === code);
  if (isNamed === false) return false;
  const codeSystem = await findRuled(scope, include.system ?? '', include.version);
  // A list of codes stands for itself where the code system is not known.
  if (!codeSystem || codeSystem.content === 'not-present') return isNamed === true ? true : undefined;
  const isSame = identity.concept !== undefined && identity.codeSystem === codeSystem;
  const [concept] = isSame ? [identity.concept] : await codeSystem.concepts.find([code]);
  if (!concept) return codeSystem.content === 'complete' ? false : isNamed || undefined;
  if (isActiveOnly && concept.isInactive) return false;
  return meetsFilters(codeSystem, concept, include);
}

/** Whether a concept meets all filters of an include. */
export async function meetsFilters(
  codeSystem: CodeSystem,
  concept: Concept,
  { filters, path }: Pick<Include, 'filters' | 'path'>,
): Promise<boolean> {
  for (const [index, filter] of filters.entries()) {
    const condition = await readFilter(codeSystem, filter, `${path}.filter[${index}]`);
    if (!meets(concept, condition)) return false;
  }
  return true;
}

function isListed(expansion: JsonObject | undefined, { system, code }: CodeIdentity): boolean {
  const waiting = objectsAt(expansion, 'contains');
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (textAt(entry, 'code') === code && textAt(entry, 'system') === system && entry.abstract !== true) return true;
    for (const each of objectsAt(entry, 'contains')) waiting.push(each);
  }
  return false;
}
