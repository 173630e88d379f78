import type { CodeSystem } from '../code-system.ts';
import { designationsOf } from '../designation.ts';
import type { Scope } from '../scope.ts';
import { compareVersions, joinCanonical, matchesVersion } from '../version.ts';
import { type CodingState, placeOf } from './findings.ts';
import type { PreparedValueSet } from './prepare.ts';

/** The code system in the version that the rules of the request and the text of the value set lead to. */
export const findRuled = (scope: Scope, url: string, version: string | undefined): Promise<CodeSystem | undefined> =>
  scope.findCodeSystem(url, scope.ruledVersion(url, version));

/**
 * The version in which a coding is looked for: that of the value set, or of a rule, where they say one; else the coding's
 * own. Says where the two do not go together.
 */
export async function chooseVersion(
  state: CodingState,
  system: string,
  ofValueSet: string | undefined,
): Promise<string | undefined> {
  const { scope, coding } = state;
  const ruled = scope.ruledVersion(system, ofValueSet);
  const own = coding.version;
  if (own === undefined) return ruled;
  const chosen = await refine(scope, system, ruled, own);
  const codeSystem = await findRuled(scope, system, chosen);
  if (codeSystem) {
    const actual = codeSystem.version;
    if (actual !== undefined && actual !== own && !matchesVersion(own, actual)) {
      await tellMismatch(state, system, { chosen, ofValueSet, actual, own });
    }
  } else if (chosen !== own) {
    tellDifference(state, 'VALUESET_VALUE_MISMATCH', 'error', `${joinCanonical(system, chosen)} is in the value set`);
  }
  return chosen;
}

async function refine(
  scope: Scope,
  system: string,
  ruled: string | undefined,
  own: string,
): Promise<string | undefined> {
  if (ruled !== undefined) return own !== ruled && matchesVersion(ruled, own) ? own : ruled;
  const versions = await scope.versionsOf(system);
  return versions.some((version) => version === own || matchesVersion(own, version)) ? own : undefined;
}

async function tellMismatch(
  state: CodingState,
  system: string,
  { chosen, ofValueSet, actual, own }: { chosen?: string; ofValueSet?: string; actual: string; own: string },
): Promise<void> {
  if (chosen === undefined) {
    const text = `${joinCanonical(system, actual)} is the version here, as the value set names none`;
    tellDifference(state, 'VALUESET_VALUE_MISMATCH_DEFAULT', 'warning', text);
  } else if (chosen !== ofValueSet) {
    tellDifference(state, 'VALUESET_VALUE_MISMATCH_CHANGED', 'error', `${joinCanonical(system, chosen)} is asked for`);
  } else {
    tellDifference(state, 'VALUESET_VALUE_MISMATCH', 'error', `${joinCanonical(system, chosen)} is in the value set`);
  }
  if (!(await state.scope.findCodeSystem(system, own))) await tellUnknownSystem(state, system, own);
}

function tellDifference(state: CodingState, messageId: string, severity: 'error' | 'warning', text: string): void {
  state.findings.add({
    severity,
    code: 'invalid',
    detail: 'vs-invalid',
    messageId,
    text: `${text}; the code is of version ${state.coding.version}.`,
    expression: placeOf(state.path, 'version'),
  });
}

/** Says that a code system, or this version of it, is not here. */
export async function tellUnknownSystem(
  { scope, findings, path }: CodingState,
  system: string,
  version: string | undefined,
): Promise<void> {
  const versions = await scope.versionsOf(system);
  const isVersionUnknown = version !== undefined && versions.length > 0;
  findings.unknownSystems.add(isVersionUnknown ? joinCanonical(system, version) : system);
  const text = isVersionUnknown
    ? `The version ${version} of the code system ${system} is not known here, only ${versions.join(', ')}.`
    : `The code system ${joinCanonical(system, version)} is not known here, so that the code cannot be checked.`;
  findings.add({
    severity: 'error',
    code: 'not-found',
    detail: 'not-found',
    messageId: messageIdOf(version, versions),
    text,
    expression: placeOf(path, 'system'),
  });
}

function messageIdOf(version: string | undefined, versions: readonly string[]): string {
  if (version === undefined) return 'UNKNOWN_CODESYSTEM';
  return versions.length > 0 ? 'UNKNOWN_CODESYSTEM_VERSION' : 'UNKNOWN_CODESYSTEM_VERSION_NONE';
}

/** Says which rule of the request a version breaks. */
export function tellBrokenChecks({ scope, findings, path }: CodingState, codeSystem: CodeSystem): void {
  for (const check of scope.brokenChecks(codeSystem.url, codeSystem.version)) {
    findings.add({
      severity: 'error',
      code: 'exception',
      detail: 'version-error',
      messageId: 'VALUESET_VERSION_CHECK',
      text: `The version ${codeSystem.version} of ${codeSystem.url} is none that check-system-version ${check.version} allows.`,
      expression: placeOf(path, 'version'),
    });
  }
}

/**
 * Where a value set has several versions of a code system and the coding names none: the newest that knows the code under
 * this display; undefined when it makes no difference.
 */
export async function pickVersion(state: CodingState, valueSet: PreparedValueSet): Promise<string | undefined> {
  const { scope, coding, system } = state;
  if (coding.version !== undefined || system === undefined) return undefined;
  const versions = new Set(
    valueSet.includes.flatMap((include) => (include.system === system ? (include.version ?? []) : [])),
  );
  if (versions.size < 2) return undefined;
  const newestFirst = [...versions].sort((left, right) => compareVersions(right, left));
  const knowing: string[] = [];
  for (const version of newestFirst) {
    const codeSystem = await findRuled(scope, system, version);
    const [concept] = codeSystem ? await codeSystem.concepts.find([coding.code]) : [];
    if (!codeSystem || !concept) continue;
    const texts = designationsOf(codeSystem, concept).map(({ value }) => value);
    if (coding.display === undefined || texts.includes(coding.display)) knowing.push(version);
  }
  return knowing.length === versions.size ? undefined : (knowing[0] ?? newestFirst[0]);
}
