import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from '../code-system.ts';
import { objectAt, objectsAt, textAt } from '../element.ts';
import { compareVersions, matchesVersion } from '../version.ts';
import { tellStatus } from './canonical-status.ts';
import { isInConceptSet, isUsable } from './concept-set.ts';
import { type CodingState, Findings, placeOf } from './findings.ts';
import type { Include, PreparedValueSet } from './prepare.ts';
import { chooseVersion, findRuled, pickVersion, tellBrokenChecks, tellUnknownSystem } from './version-choice.ts';

/** Undefined when it cannot be told, since something is not known. */
export type Membership = boolean | undefined;

/** Whether the coding is in the value set. What is found on the way is put down in the state. */
export async function isMember(state: CodingState, valueSet: PreparedValueSet): Promise<Membership> {
  const { resource } = valueSet.found;
  if (objectAt(resource, 'compose')) return isInCompose(state, valueSet);
  const expansion = objectAt(resource, 'expansion');
  return expansion ? isInExpansion(state, expansion) : false;
}

async function isInCompose(state: CodingState, valueSet: PreparedValueSet): Promise<Membership> {
  const picked = await pickVersion(state, valueSet);
  const trials: CodingState[] = [];
  let result: Membership = false;
  for (const include of newestFirst(valueSet.includes)) {
    const trial = { ...state, findings: new Findings() };
    result = await isInInclude(trial, valueSet, include, picked);
    // What is wrong with an include does not count where another one has the code.
    if (result) trials.length = 0;
    trials.push(trial);
    if (result === undefined || result) break;
  }
  for (const trial of trials) takeOver(state, trial);
  if (!result) return result;
  for (const exclude of valueSet.excludes) {
    if (await isExcluded(state, valueSet, exclude)) return false;
  }
  return true;
}

function takeOver(state: CodingState, { findings, ...learned }: CodingState): void {
  const known = Object.entries(learned).filter(([, value]) => value !== undefined);
  Object.assign(state, Object.fromEntries(known));
  state.findings.merge(findings);
}

const newestFirst = (includes: readonly Include[]): Include[] =>
  [...includes].sort((left, right) =>
    left.system === right.system && left.version && right.version ? compareVersions(right.version, left.version) : 0,
  );

async function isInInclude(
  state: CodingState,
  valueSet: PreparedValueSet,
  include: Include,
  picked: string | undefined,
): Promise<Membership> {
  await state.scope.spend();
  let result: Membership = include.system === undefined;
  if (include.system !== undefined) {
    const isPicked = picked === undefined || include.version === picked;
    if (include.system === state.system && isPicked && isForVersion(state, valueSet, include)) {
      result = await isInSystem(state, valueSet, include, include.system);
      if (result === undefined) return undefined;
    }
  }
  for (const imported of include.imports) {
    tellStatus(state.findings, imported.found.resource, valueSet.found.resource);
    if (result) result = await isMember(state, imported);
  }
  return result;
}

/** An include of another version is left aside where there is one of the coding's version. */
function isForVersion({ coding: { version } }: CodingState, { includes }: PreparedValueSet, include: Include): boolean {
  if (version === undefined || include.version === version) return true;
  return !includes.some((other) => other.version === version);
}

async function isInSystem(
  state: CodingState,
  valueSet: PreparedValueSet,
  include: Include,
  system: string,
): Promise<Membership> {
  const version = await chooseVersion(state, system, include.version);
  const codeSystem = await usableSystem(state, system, version);
  if (!codeSystem) {
    if (state.scope.settings.isSet('valueset-membership-only')) return false;
    await tellUnknownSystem(state, system, version);
    return undefined;
  }
  tellBrokenChecks(state, codeSystem);
  state.language = codeSystem.language;
  state.content = codeSystem.content;
  tellStatus(state.findings, codeSystem.resource, valueSet.found.resource);
  const isIn = await isInConceptSet(state, valueSet, include, codeSystem);
  if (isIn) state.version = codeSystem.version;
  return isIn;
}

/** Supplements cannot be looked into by themselves. */
async function usableSystem(
  { scope }: CodingState,
  system: string,
  version: string | undefined,
): Promise<CodeSystem | undefined> {
  const codeSystem = await findRuled(scope, system, version);
  return codeSystem && isUsable(codeSystem) ? codeSystem : undefined;
}

async function isExcluded(state: CodingState, valueSet: PreparedValueSet, exclude: Include): Promise<boolean> {
  let result = true;
  if (exclude.system !== undefined) {
    if (exclude.system !== state.system) return false;
    const codeSystem = await findRuled(state.scope, exclude.system, exclude.version);
    if (!codeSystem) {
      await tellUnknownSystem(state, exclude.system, exclude.version);
      return true;
    }
    tellStatus(state.findings, codeSystem.resource, valueSet.found.resource);
    result = await isInConceptSet(silently(state), valueSet, exclude, codeSystem, true);
  }
  for (const imported of exclude.imports) {
    tellStatus(state.findings, imported.found.resource, valueSet.found.resource);
    if (result) result = (await isMember(silently(state), imported)) === true;
  }
  return result;
}

/** What an exclusion finds is not told: it is the reason, not the answer. */
const silently = (state: CodingState): CodingState => ({ ...state, findings: new Findings() });

async function isInExpansion(state: CodingState, expansion: JsonObject): Promise<Membership> {
  const entry = findInExpansion(state, expansion);
  if (!entry) return false;
  const [listed, own] = [textAt(entry, 'version'), state.coding.version];
  if (listed !== undefined && own !== undefined && listed !== own && !matchesVersion(listed, own)) {
    state.findings.add({
      severity: 'error',
      code: 'not-found',
      detail: 'vs-invalid',
      text: `The expansion has the code in version ${listed} of ${state.system}, not in ${own}.`,
      expression: placeOf(state.path, 'version'),
    });
    return false;
  }
  const system = state.system ?? '';
  const codeSystem = await usableSystem(state, system, own ?? listed);
  if (!codeSystem) {
    state.designations = textAt(entry, 'display')
      ? [
          {
            value: textAt(entry, 'display') ?? '',
            language: undefined,
            use: undefined,
            isDisplay: true,
            isActive: true,
            element: undefined,
          },
        ]
      : [];
    return true;
  }
  const include = {
    element: {},
    system,
    version: own ?? listed,
    concepts: undefined,
    filters: [],
    imports: [],
    path: '',
  };
  state.version = codeSystem.version;
  return isInConceptSet(state, undefined, include, codeSystem);
}

function findInExpansion(state: CodingState, expansion: JsonObject): JsonObject | undefined {
  const waiting = [...objectsAt(expansion, 'contains')];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const isSame = textAt(entry, 'code') === state.coding.code && textAt(entry, 'system') === state.system;
    if (isSame && entry.abstract !== true) return entry;
    for (const each of objectsAt(entry, 'contains')) waiting.push(each);
  }
  return undefined;
}
