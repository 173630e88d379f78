import { Failure, type Issue } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Answer } from '../answer.ts';
import type { FhirContext } from '../context.ts';
import { inParameter, type Operation, type OperationRequest, outParameter } from '../operation.ts';
import { readOperationInput } from '../operation-input.ts';
import { printOperationOutcome } from '../operation-outcome.ts';
import { requireId, requireType } from '../require.ts';

/** Says what is wrong with a resource, without storing it. https://hl7.org/fhir/R4/resource-operation-validate.html */
export const validateOperation: Operation = {
  name: 'validate',
  levels: ['type', 'instance'],
  affectsState: false,
  title: 'Validate a resource',
  documentation:
    'Checks a resource against R4, the profiles that it claims and one that is named: structure, codes, references, invariants, slices, extensions; a QuestionnaireResponse against its Questionnaire.',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  parameters: [
    inParameter('resource', 'Resource', 'What to check; the stored resource when it is left out.'),
    inParameter(
      'mode',
      'code',
      'Also whether it could be written so: create, update, delete, or profile for the profiles alone.',
    ),
    inParameter('profile', 'canonical', 'Profiles that it must meet, besides those in meta.profile.', { max: '*' }),
    outParameter('return', 'OperationOutcome', 'What was found; without errors the resource is valid.', { min: 1 }),
  ],
  run: validate,
};

const modes = ['create', 'update', 'delete', 'profile'];

async function validate(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const type = requireType(request);
  const input = readOperationInput(withoutRaw(request, type));
  const mode = input.text('mode');
  if (mode !== undefined && !modes.includes(mode)) {
    throw new Failure('value', `mode must be one of ${modes.join(', ')}, not "${mode.slice(0, 40)}".`);
  }
  const profiles = input.texts('profile');
  const sent = input.resource('resource');
  if (mode === 'delete') return answer(await checkDeletion(context, request, type));
  const resource = sent ?? (await readStored(context, request, type));
  const issues = [
    ...checkAddress(resource, request, type, mode),
    ...(await context.validator.validate(resource, profiles)),
  ];
  return answer(issues);
}

/** A Parameters resource sent to its own type is meant as the resource, unless it has one inside. */
function withoutRaw(
  { parameters, resource }: OperationRequest,
  type: string,
): Pick<OperationRequest, 'parameters' | 'resource'> {
  const isInput = resource?.resourceType === 'Parameters' && (type !== 'Parameters' || hasResource(resource));
  if (isInput || resource === undefined) return { parameters, resource };
  return { parameters, resource: { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] } };
}

const hasResource = ({ parameter }: JsonObject): boolean =>
  Array.isArray(parameter) && parameter.some((part) => (part as JsonObject | null)?.name === 'resource');

async function readStored({ store, pool }: FhirContext, request: OperationRequest, type: string): Promise<JsonObject> {
  if (request.id === undefined) throw new Failure('required', `Send the ${type} to validate in the body.`);
  const row = await store.read(pool, type, requireId(request));
  if (row === undefined) throw new Failure('not-found', `There is no ${type}/${request.id}.`);
  if (row.content === null) throw new Failure('deleted', `${type}/${request.id} was deleted.`);
  return parseJson(row.content) as JsonObject;
}

function checkAddress(resource: JsonObject, { id }: OperationRequest, type: string, mode: string | undefined): Issue[] {
  const issues: Issue[] = [];
  const add = (code: Issue['code'], diagnostics: string, expression: string): void => {
    issues.push({ severity: 'error', code, diagnostics, expression });
  };
  if (resource.resourceType !== type) {
    add('invalid', `The resource must be a ${type}, as the address says.`, `${type}.resourceType`);
  }
  const isUpdate = mode === 'update' || (mode === undefined && id !== undefined && resource.id !== undefined);
  if (mode === 'update' && resource.id === undefined)
    add('required', `${type}.id is missing: an update names it.`, `${type}.id`);
  else if (isUpdate && id !== undefined && resource.id !== id) {
    add('invalid', `${type}.id must be ${id}, as in the address.`, `${type}.id`);
  }
  return issues;
}

async function checkDeletion({ store, pool }: FhirContext, request: OperationRequest, type: string): Promise<Issue[]> {
  if (request.id === undefined) throw new Failure('required', `Say by its address which ${type} would be deleted.`);
  const row = await store.read(pool, type, requireId(request));
  if (row?.content) return [];
  return [{ severity: 'error', code: 'not-found', diagnostics: `There is no ${type}/${request.id} to delete.` }];
}

const allGood = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', diagnostics: 'No issues were found.' }],
});

const answer = (issues: readonly Issue[]): Answer => ({
  status: 200,
  body: issues.length > 0 ? printOperationOutcome(issues) : allGood,
});
