import { preferred } from '../designation.ts';
import type { TerminologyIssue } from '../fault.ts';
import { compareVersions } from '../version.ts';
import { tellStatus } from './canonical-status.ts';
import { isUsable, learn, noteInactive, tellUnknownCode } from './concept-set.ts';
import { checkDisplay } from './display.ts';
import { type CodingState, placeOf } from './findings.ts';
import type { PreparedValueSet } from './prepare.ts';
import { findRuled, tellBrokenChecks, tellUnknownSystem } from './version-choice.ts';

/** Of a code that is not in the value set: whether its code system knows it, and what else is wrong with it. */
export async function explainMiss(state: CodingState, valueSet: PreparedValueSet): Promise<void> {
  const { system } = state;
  if (system === undefined) return;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(system)) tellRelativeSystem(state);
  const version = state.coding.version ?? versionInValueSet(valueSet, system);
  const codeSystem = await findRuled(state.scope, system, version);
  if (!codeSystem) return explainUnknownSystem(state, system, version);
  if (!isUsable(codeSystem)) return state.findings.add(supplementIssue(state.path, system));
  tellBrokenChecks(state, codeSystem);
  tellStatus(state.findings, codeSystem.resource, valueSet.found.resource);
  const [concept] = await codeSystem.concepts.find([state.coding.code]);
  if (!concept) {
    tellUnknownCode(state, codeSystem);
    if (codeSystem.content === 'complete') state.version ??= codeSystem.version;
    return;
  }
  learn(state, codeSystem, concept);
  if (concept.isInactive) noteInactive(state, codeSystem, concept);
  checkDisplay(state);
  state.version ??= codeSystem.version;
}

/** The text to show beside the code. */
export const displayOf = (state: CodingState): string | undefined =>
  (preferred(state.designations, state.scope.settings.languages) ?? preferred(state.designations, undefined))?.value;

function versionInValueSet({ includes }: PreparedValueSet, system: string): string | undefined {
  const versions = includes.flatMap((include) => (include.system === system ? (include.version ?? []) : []));
  return versions.sort(compareVersions).at(-1);
}

function tellRelativeSystem({ findings, path }: CodingState): void {
  findings.add({
    severity: 'error',
    code: 'invalid',
    detail: 'invalid-data',
    messageId: 'Terminology_TX_System_Relative',
    text: 'A system must be an absolute address.',
    expression: placeOf(path, 'system'),
  });
}

async function explainUnknownSystem(state: CodingState, system: string, version: string | undefined): Promise<void> {
  if (await state.scope.findValueSet(system, undefined)) {
    state.findings.add({
      severity: 'error',
      code: 'invalid',
      detail: 'invalid-data',
      messageId: 'Terminology_TX_System_ValueSet2',
      text: `${system} is the address of a value set. Name the code system of the code.`,
      expression: placeOf(state.path, 'system'),
    });
    return;
  }
  await tellUnknownSystem(state, system, version);
}

export const supplementIssue = (path: string, system: string): TerminologyIssue => ({
  severity: 'error',
  code: 'invalid',
  detail: 'invalid-data',
  messageId: 'CODESYSTEM_CS_NO_SUPPLEMENT',
  text: `${system} supplements a code system, and has no codes of its own. Name the code system.`,
  expression: placeOf(path, 'system'),
});
