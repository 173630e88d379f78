import { textAt } from '../element.ts';
import type { Scope } from '../scope.ts';
import type { CodingState } from './findings.ts';
import { Findings } from './findings.ts';
import { isMember } from './membership.ts';
import type { PreparedValueSet } from './prepare.ts';

/** The code systems of a value set, those of its imports included. */
function systemsOf(valueSet: PreparedValueSet, into = new Set<string>()): Set<string> {
  for (const include of valueSet.includes) {
    if (include.system !== undefined) into.add(include.system);
    for (const imported of include.imports) systemsOf(imported, into);
  }
  return into;
}

/** Finds the code system of a bare code: the only one of the value set in which the code belongs to it. */
export async function inferSystem(state: CodingState, valueSet: PreparedValueSet): Promise<boolean> {
  const found: string[] = [];
  for (const system of systemsOf(valueSet)) {
    const trial = { ...state, findings: new Findings(), system };
    if (await mayHave(state.scope, trial, system, valueSet)) found.push(system);
  }
  const [system, ...others] = found;
  if (system !== undefined && others.length === 0) {
    state.system = system;
    state.isInferred = true;
    return true;
  }
  const isAmbiguous = others.length > 0;
  state.findings.add({
    severity: 'error',
    code: 'not-found',
    detail: 'cannot-infer',
    messageId: isAmbiguous ? 'Unable_to_resolve_system__value_set_has_multiple_matches' : 'UNABLE_TO_INFER_CODESYSTEM',
    text: isAmbiguous
      ? `The code ${state.coding.code} is in more than one code system of the value set: ${found.join(', ')}. Name one.`
      : `The code ${state.coding.code} is in no code system of the value set ${textAt(valueSet.found.resource, 'url')}.`,
    expression: 'code',
  });
  return false;
}

async function mayHave(scope: Scope, trial: CodingState, system: string, valueSet: PreparedValueSet): Promise<boolean> {
  const codeSystem = await scope.findCodeSystem(system, scope.ruledVersion(system, undefined));
  if (!codeSystem || codeSystem.content === 'supplement') return false;
  return (await isMember(trial, valueSet)) === true;
}
