import type { JsonObject } from '#lib/json/index.ts';
import { printIssues, type TerminologyIssue } from '../fault.ts';
import type { Scope } from '../scope.ts';
import { joinCanonical } from '../version.ts';
import { tellStatus } from './canonical-status.ts';
import { checkDisplay } from './display.ts';
import { displayOf, explainMiss } from './explain.ts';
import { type Coding, type CodingState, Findings, type Mode } from './findings.ts';
import { inferSystem } from './infer-system.ts';
import { isMember, type Membership } from './membership.ts';
import type { PreparedValueSet } from './prepare.ts';

/** What is asked: one coding, or those of a CodeableConcept, of which one is enough. */
export interface Question {
  readonly mode: Mode;
  readonly codings: readonly Coding[];
  /** As it came, to be returned. */
  readonly codeableConcept?: JsonObject | undefined;
  /** The value set only stands for a whole code system. */
  readonly isOfCodeSystem: boolean;
}

interface Checked {
  readonly state: CodingState;
  readonly membership: Membership;
}

/** The answer to $validate-code. https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export async function validateCode(scope: Scope, valueSet: PreparedValueSet, question: Question): Promise<JsonObject> {
  const findings = new Findings();
  tellStatus(findings, valueSet.found.resource, valueSet.found.resource);
  const checked: Checked[] = [];
  let isCodeMissing = false;
  for (const [index, coding] of question.codings.entries()) {
    const path = pathOf(question.mode, index);
    const { code } = coding;
    if (code === undefined) {
      tellNoCode(findings, coding, path);
      isCodeMissing = true;
      break;
    }
    const state = createState(scope, findings, question.mode, path, { ...coding, code });
    checked.push({ state, membership: await checkCoding(state, valueSet, question) });
  }
  const memberships = checked.map(({ membership }) => membership);
  const isMemberOfAny = memberships.includes(true);
  const isUndecided = !isMemberOfAny && memberships.includes(undefined);
  if (isMemberOfAny && question.mode === 'codeableConcept') downgradeUnknownSystems(findings, checked);
  if (!isMemberOfAny && !isUndecided) tellNotIn(findings, valueSet, question, checked, isCodeMissing);
  return printAnswer(findings, question, checked, isMemberOfAny, isUndecided);
}

const pathOf = (mode: Mode, index: number): string =>
  mode === 'code' ? '' : mode === 'coding' ? 'Coding' : `CodeableConcept.coding[${index}]`;

function createState(
  scope: Scope,
  findings: Findings,
  mode: Mode,
  path: string,
  coding: CodingState['coding'],
): CodingState {
  return {
    scope,
    findings,
    mode,
    path,
    coding,
    system: coding.system,
    isInferred: false,
    version: undefined,
    designations: [],
    hasOwnDisplays: false,
    language: undefined,
    inactive: undefined,
    status: undefined,
    normalCode: undefined,
    content: undefined,
  };
}

async function checkCoding(state: CodingState, valueSet: PreparedValueSet, question: Question): Promise<Membership> {
  const { settings } = state.scope;
  if (state.system === undefined) {
    if (state.mode !== 'code' || !settings.isSet('inferSystem')) {
      tellNoSystem(state);
      return false;
    }
    if (!(await inferSystem(state, valueSet))) return false;
  }
  const membership = await isMember(state, valueSet);
  if (membership === true) {
    checkDisplay(state);
    return true;
  }
  if (membership === false && state.mode === 'codeableConcept' && !question.isOfCodeSystem) {
    tellThisNotIn(state, valueSet);
  }
  if (!settings.isSet('valueset-membership-only')) await explainMiss(state, valueSet);
  return membership;
}

function tellNoSystem({ findings, path }: CodingState): void {
  const text = 'The coding has no system, and cannot be checked.';
  const messageId = 'Coding_has_no_system__cannot_validate';
  findings.add(
    { severity: 'warning', code: 'invalid', detail: 'invalid-data', messageId, text, expression: path },
    true,
  );
}

function tellNoCode(findings: Findings, { system }: Coding, path: string): void {
  const isEmpty = system === undefined;
  findings.add(
    {
      severity: 'warning',
      code: 'invalid',
      detail: 'invalid-data',
      ...(isEmpty && { messageId: 'Coding_has_no_system_or_code__cannot_validate' }),
      text: isEmpty ? 'The coding has neither system nor code.' : `The coding of ${system} has no code.`,
      expression: path,
    },
    true,
  );
}

const nameOf = ({ found }: PreparedValueSet): string => joinCanonical(found.url, found.version);

const printCoding = ({ state: { system, coding } }: Checked): string =>
  `${joinCanonical(system ?? '', coding.version)}#${coding.code}`;

function tellThisNotIn(state: CodingState, valueSet: PreparedValueSet): void {
  state.findings.add({
    severity: 'information',
    code: 'code-invalid',
    detail: 'this-code-not-in-vs',
    messageId: 'None_of_the_provided_codes_are_in_the_value_set_one',
    text: `The code ${printCoding({ state, membership: false })} is not in the value set ${nameOf(valueSet)}.`,
    expression: `${state.path}.code`,
  });
}

/** Of a code system, its own finding says enough. */
function tellNotIn(
  findings: Findings,
  valueSet: PreparedValueSet,
  { mode, isOfCodeSystem }: Question,
  checked: readonly Checked[],
  isCodeMissing: boolean,
): void {
  if (isCodeMissing && (mode !== 'codeableConcept' || isOfCodeSystem)) return;
  if (isOfCodeSystem && findings.hasErrors) return;
  const isConcept = mode === 'codeableConcept';
  const codes = checked.map(printCoding).join(', ');
  findings.add({
    severity: 'error',
    code: 'code-invalid',
    detail: 'not-in-vs',
    messageId: isConcept ? 'TX_GENERAL_CC_ERROR_MESSAGE' : 'None_of_the_provided_codes_are_in_the_value_set_one',
    text: isConcept
      ? `None of the codes ${codes} is in the value set ${nameOf(valueSet)}.`
      : `The code ${codes} is not in the value set ${nameOf(valueSet)}.`,
    ...(!isConcept && { expression: mode === 'coding' ? 'Coding.code' : 'code' }),
  });
}

const unknownSystemIds = new Set([
  'UNKNOWN_CODESYSTEM',
  'UNKNOWN_CODESYSTEM_VERSION',
  'UNKNOWN_CODESYSTEM_VERSION_NONE',
]);

/** One coding is enough: another one of a code system that is not known does not count against it. */
function downgradeUnknownSystems(findings: Findings, checked: readonly Checked[]): void {
  const others = new Set(
    checked.filter(({ membership }) => membership !== true).map(({ state }) => `${state.path}.system`),
  );
  for (const [index, issue] of findings.issues.entries()) {
    const isUnknown = unknownSystemIds.has(issue.messageId ?? '') && others.has(issue.expression ?? '');
    if (issue.severity !== 'error' || !isUnknown) continue;
    findings.issues[index] = { ...issue, severity: 'warning', messageId: 'UNKNOWN_CODESYSTEM_CODING_NOT_CHECKED' };
  }
}

function printAnswer(
  findings: Findings,
  question: Question,
  checked: readonly Checked[],
  isMemberOfAny: boolean,
  isUndecided: boolean,
): JsonObject {
  const isConcept = question.mode === 'codeableConcept';
  const chosen = checked.find(({ membership }) => membership === true) ?? (isConcept ? undefined : checked[0]);
  tellInactive(findings, checked, isConcept);
  const isValid = isMemberOfAny && !findings.hasErrors;
  const parameter: JsonObject[] = [{ name: 'result', valueBoolean: isValid }];
  if (chosen) parameter.push(...printChosen(chosen.state, chosen.membership === true));
  const isUnknown = !isMemberOfAny && !isUndecided;
  for (const system of isValid ? [] : findings.unknownSystems) {
    parameter.push({ name: isUnknown ? 'x-unknown-system' : 'x-caused-by-unknown-system', valueCanonical: system });
  }
  if (findings.messages.size > 0) {
    parameter.push({ name: 'message', valueString: [...findings.messages].sort().join(' ') });
  }
  if (question.codeableConcept)
    parameter.push({ name: 'codeableConcept', valueCodeableConcept: question.codeableConcept });
  if (findings.issues.length > 0) parameter.push({ name: 'issues', resource: printIssues(findings.issues) });
  return { resourceType: 'Parameters', parameter };
}

function printChosen(state: CodingState, isIn: boolean): JsonObject[] {
  const { system, coding, version, normalCode, inactive, status } = state;
  const shownVersion = version ?? (isIn ? undefined : coding.version);
  const display = displayOf(state);
  return [
    { name: 'code', valueCode: coding.code },
    ...(system === undefined ? [] : [{ name: 'system', valueUri: system }]),
    ...(normalCode === undefined ? [] : [{ name: 'normalized-code', valueCode: normalCode }]),
    ...(shownVersion === undefined ? [] : [{ name: 'version', valueString: shownVersion }]),
    ...(display === undefined ? [] : [{ name: 'display', valueString: display }]),
    ...(inactive ? [{ name: 'inactive', valueBoolean: true }] : []),
    ...(shownStatus(inactive, status) ? [{ name: 'status', valueCode: shownStatus(inactive, status) as string }] : []),
  ];
}

function shownStatus(inactive: CodingState['inactive'], status: string | undefined): string | undefined {
  if (inactive) return inactive.status === 'inactive' ? undefined : inactive.status;
  return status?.toLowerCase() === 'deprecated' ? 'deprecated' : undefined;
}

function tellInactive(findings: Findings, checked: readonly Checked[], isConcept: boolean): void {
  const inactive = checked.find(({ state }) => state.inactive !== undefined);
  const issue = (messageId: string, text: string, expression: string): TerminologyIssue => ({
    severity: 'warning',
    code: 'business-rule',
    detail: 'code-comment',
    messageId,
    text,
    expression,
  });
  if (inactive) {
    const { path, coding } = inactive.state;
    const text = `The code ${coding.code} is ${inactive.state.inactive?.status ?? 'inactive'}. Review its use.`;
    findings.add(issue('INACTIVE_CONCEPT_FOUND', text, path || 'code'), true);
    return;
  }
  const deprecated = checked.find(({ state }) => state.status?.toLowerCase() === 'deprecated');
  if (!deprecated) return;
  const text = `The code ${deprecated.state.coding.code} is deprecated. Review its use.`;
  const place = isConcept ? 'CodeableConcept' : deprecated.state.path || 'code';
  findings.add(issue('DEPRECATED_CONCEPT_FOUND', text, place), true);
}
