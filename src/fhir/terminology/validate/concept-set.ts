import type { CodeSystem } from '../code-system.ts';
import { type Concept, statusOf } from '../concept.ts';
import { meets } from '../condition.ts';
import { designationsOf, designationsOfReference } from '../designation.ts';
import { extensionsOf, extensionText, textAt } from '../element.ts';
import { readFilter } from '../filter.ts';
import { joinCanonical } from '../version.ts';
import { type CodingState, placeOf } from './findings.ts';
import type { Include, PreparedValueSet } from './prepare.ts';

/** Whether codes can be looked up in it. */
export const isUsable = ({ content }: CodeSystem): boolean => content === 'complete' || content === 'fragment';

/** Whether the code is among those of an include; puts down what is known of the concept. */
export async function isInConceptSet(
  state: CodingState,
  valueSet: PreparedValueSet | undefined,
  include: Include,
  codeSystem: CodeSystem,
  isExclusion = false,
): Promise<boolean> {
  const [concept] = await codeSystem.concepts.find([state.coding.code]);
  const reference = include.concepts?.find((one) => isSameCode(codeSystem, textAt(one, 'code'), concept, state));
  if (!concept) {
    const isWhole = include.concepts === undefined && include.filters.length === 0;
    return isWhole && !isExclusion ? isUnknownCodeAllowed(state, codeSystem) : false;
  }
  if (include.concepts && !reference) return false;
  if (!(await meetsFilters(include, codeSystem, concept))) return false;
  learn(state, codeSystem, concept);
  if (reference) {
    const more = designationsOfReference(reference, textAt(valueSet?.found.resource, 'language'));
    state.designations = [...state.designations, ...more];
    state.hasOwnDisplays ||= more.length > 0;
  }
  if (isExclusion) return true;
  if (!isAllowed(state, valueSet, codeSystem, concept, include)) return false;
  if (reference) tellDeprecatedReference(state, valueSet, reference, codeSystem);
  return true;
}

const isSameCode = (
  { resource }: CodeSystem,
  code: string | undefined,
  concept: Concept | undefined,
  { coding }: CodingState,
): boolean =>
  code === coding.code ||
  (code !== undefined && code === concept?.code) ||
  (resource.caseSensitive === false && code?.toLowerCase() === coding.code.toLowerCase());

async function meetsFilters({ filters, path }: Include, codeSystem: CodeSystem, concept: Concept): Promise<boolean> {
  for (const [index, filter] of filters.entries()) {
    const condition = await readFilter(codeSystem, filter, `${path}.filter[${index}]`);
    if (!meets(concept, condition)) return false;
  }
  return true;
}

/** What the code system says of the concept. */
export function learn(state: CodingState, codeSystem: CodeSystem, concept: Concept): void {
  state.designations = designationsOf(codeSystem, concept);
  state.language = codeSystem.language;
  if (concept.code === state.coding.code) return;
  state.normalCode = concept.code;
  state.findings.add({
    severity: 'information',
    code: 'business-rule',
    detail: 'code-rule',
    messageId: 'CODE_CASE_DIFFERENCE',
    text: `The code system ${joinCanonical(codeSystem.url, codeSystem.version)} writes the code ${state.coding.code} as ${concept.code}.`,
    expression: placeOf(state.path, 'code'),
  });
}

/** Of a fragment, codes are accepted that it does not have. */
function isUnknownCodeAllowed(state: CodingState, codeSystem: CodeSystem): boolean {
  if (!state.scope.settings.isSet('valueset-membership-only')) tellUnknownCode(state, codeSystem);
  return codeSystem.content !== 'complete';
}

export function tellUnknownCode({ findings, coding, path }: CodingState, { content, url, version }: CodeSystem): void {
  const canonical = joinCanonical(url, version);
  const isFragment = content !== 'complete';
  findings.add({
    severity: isFragment ? 'warning' : 'error',
    code: 'code-invalid',
    detail: 'invalid-code',
    messageId: isFragment
      ? 'UNKNOWN_CODE_IN_FRAGMENT'
      : version === undefined
        ? 'Unknown_Code_in'
        : 'Unknown_Code_in_Version',
    text: isFragment
      ? `The code ${coding.code} is not in this part of the code system ${canonical}; it may be in another.`
      : `The code ${coding.code} is not in the code system ${canonical}.`,
    expression: placeOf(path, 'code'),
  });
}

function isAllowed(
  state: CodingState,
  valueSet: PreparedValueSet | undefined,
  codeSystem: CodeSystem,
  concept: Concept,
  include: Include,
): boolean {
  const { settings } = state.scope;
  const isQuiet = settings.isSet('valueset-membership-only');
  const place = placeOf(state.path, 'code');
  if (settings.text('abstract') === 'false' && concept.isAbstract) {
    if (!isQuiet) {
      state.findings.add({
        severity: 'error',
        code: 'business-rule',
        detail: 'code-rule',
        messageId: 'ABSTRACT_CODE_NOT_ALLOWED',
        text: `The code ${concept.code} of ${codeSystem.url} is abstract, and may not be used here.`,
        expression: place,
      });
    }
    return false;
  }
  const isActiveOnly = valueSet?.isActiveOnly || settings.isSet('activeOnly');
  if (concept.isInactive && isActiveOnly) {
    const isWhole = include.concepts === undefined && include.filters.length === 0;
    if (isWhole || !valueSet?.isActiveOnly) tellInactive(state, concept, place);
    if (!isQuiet) noteInactive(state, codeSystem, concept);
    return false;
  }
  noteInactive(state, codeSystem, concept);
  return true;
}

function tellInactive({ findings }: CodingState, concept: Concept, expression: string): void {
  findings.add({
    severity: 'error',
    code: 'business-rule',
    detail: 'code-rule',
    messageId: 'STATUS_CODE_WARNING_CODE',
    text: `The code ${concept.code} is valid, but not active.`,
    expression,
  });
}

export function noteInactive(state: CodingState, codeSystem: CodeSystem, concept: Concept): void {
  const status = statusOf(concept, codeSystem.names);
  if (concept.isInactive) state.inactive ??= { status };
  state.status ??= status;
}

function tellDeprecatedReference(
  { findings, path, coding }: CodingState,
  valueSet: PreparedValueSet | undefined,
  reference: Parameters<typeof extensionText>[0],
  { url }: CodeSystem,
): void {
  const standards = extensionText(reference, 'structuredefinition-standards-status');
  const isMarked = standards === 'withdrawn' || standards === 'deprecated';
  const status = isMarked ? standards : extensionsOf(reference, 'valueset-deprecated').length > 0 && 'deprecated';
  if (!status) return;
  findings.add({
    severity: 'warning',
    code: 'business-rule',
    detail: 'code-comment',
    messageId: 'CONCEPT_DEPRECATED_IN_VALUESET',
    text: `The value set ${valueSet?.found.url} marks the code ${coding.code} of ${url} as ${status}.`,
    expression: placeOf(path, 'code'),
  });
}
