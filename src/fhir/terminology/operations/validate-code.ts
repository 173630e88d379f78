import type { JsonObject } from '#lib/json/index.ts';
import type { FhirContext } from '../../rest/context.ts';
import { inParameter, type Operation, type OperationRequest } from '../../rest/operation.ts';
import type { OperationInput } from '../../rest/operation-input.ts';
import { printIssues, TerminologyFault, terminologyFault } from '../fault.ts';
import type { Library } from '../library.ts';
import type { FoundValueSet, Scope } from '../scope.ts';
import { prepareValueSet } from '../validate/prepare.ts';
import { type Question, validateCode } from '../validate/validate-code.ts';
import { readQuestion } from './coding-question.ts';
import { commonParameters, displayParameters, validationResult } from './parameters.ts';
import { answer } from './request.ts';
import { findTarget } from './target.ts';

/** $validate-code of a ValueSet. */
export const validateCodeOperation = (library: Library): Operation => ({
  name: 'validate-code',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  affectsState: false,
  title: 'Check a code against a value set',
  documentation:
    'Whether a code, Coding or CodeableConcept belongs to a value set and its display is right; one coding is enough.',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  parameters: [
    inParameter('url', 'uri', 'Canonical address of the value set, perhaps with |version.'),
    inParameter('valueSet', 'ValueSet', 'The value set itself, in the place of its address.'),
    inParameter('valueSetVersion', 'string', 'Version of the value set.'),
    inParameter('code', 'code', 'The code to check, with system or inferSystem.'),
    inParameter('system', 'uri', 'The code system of the code.'),
    inParameter('systemVersion', 'string', 'Its version.'),
    inParameter('display', 'string', 'A display that must be one of the code.'),
    inParameter('coding', 'Coding', 'The coding to check.'),
    inParameter('codeableConcept', 'CodeableConcept', 'Codings of which one must belong.'),
    inParameter('inferSystem', 'boolean', 'Find the code system of the code from the value set.'),
    inParameter('abstract', 'boolean', 'False: an abstract code does not belong.'),
    inParameter('activeOnly', 'boolean', 'An inactive code does not belong.'),
    ...displayParameters,
    ...commonParameters,
    ...validationResult,
  ],
  run: (context, request) =>
    answer(library, context, request, 'validate-code', ({ input: asked, scope }) =>
      validateInValueSet(context, scope, asked, request),
    ),
});

export async function validateInValueSet(
  context: FhirContext,
  scope: Scope,
  input: OperationInput,
  request: OperationRequest,
): Promise<JsonObject> {
  const found = await findTarget(context, scope, input, request);
  return validateAgainst(scope, found, readQuestion(input, false));
}

/** Something that is not known below the value set is part of the answer. */
async function validateAgainst(scope: Scope, found: FoundValueSet, question: Question): Promise<JsonObject> {
  scope.settings.takeFrom(found.resource);
  try {
    const valueSet = await prepareValueSet(scope, found, { unknownImport });
    scope.requireSupplements();
    return await validateCode(scope, valueSet, question);
  } catch (error) {
    if (error instanceof TerminologyFault && error.isFinding) return printFault(error, question);
    throw error;
  }
}

const unknownImport = (canonical: string): Error =>
  terminologyFault({
    code: 'not-found',
    detail: 'not-found',
    messageId: 'Unable_to_resolve_value_Set_',
    text: `The imported value set ${canonical} is not known here. Store it, or leave it out.`,
    isFinding: true,
  });

/** What could not even be begun, as an answer. */
export function printFault(fault: TerminologyFault, { mode, codings, codeableConcept }: Question): JsonObject {
  const [coding] = codings;
  const parameter: JsonObject[] = [{ name: 'result', valueBoolean: false }];
  if (mode !== 'codeableConcept' && coding) {
    if (coding.code !== undefined) parameter.push({ name: 'code', valueCode: coding.code });
    if (coding.system !== undefined) parameter.push({ name: 'system', valueUri: coding.system });
    if (coding.version !== undefined) parameter.push({ name: 'version', valueString: coding.version });
  }
  if (fault.unknownSystem !== undefined) {
    parameter.push({ name: 'x-unknown-system', valueCanonical: fault.unknownSystem });
  }
  parameter.push({ name: 'message', valueString: fault.issues.map(({ text }) => text).join(' ') });
  if (codeableConcept) parameter.push({ name: 'codeableConcept', valueCodeableConcept: codeableConcept });
  return {
    resourceType: 'Parameters',
    parameter: [...parameter, { name: 'issues', resource: printIssues(fault.issues) }],
  };
}
