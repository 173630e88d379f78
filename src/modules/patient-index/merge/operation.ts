import {
  type Answer,
  type FhirContext,
  inParameter,
  type Operation,
  type OperationInput,
  type OperationRequest,
  outParameter,
  readOperationInput,
} from '#fhir/rest/index.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { merge } from './merge.ts';
import { refuseOwnRecord, requireKeeper } from './policy.ts';
import { previewMerge } from './preview-merge.ts';
import { resolvePatient } from './resolve.ts';

/** https://hl7.org/fhir/patient-operation-merge.html, as it is defined for R5 and later. */
async function run(context: FhirContext, request: OperationRequest): Promise<Answer> {
  requireKeeper(context.access);
  const input = readOperationInput(request);
  const source = await namedPatient(context, input, 'source');
  const target = await namedPatient(context, input, 'target');
  refuseOwnRecord(context.access, { sourceId: source, targetId: target });
  const result = input.resource('result-patient');
  if (result) await context.validator.check(result);
  const sent = request.resource ?? { resourceType: 'Parameters' };
  if (input.boolean('preview') === true) {
    const { survivor, moves } = await previewMerge(asKeeper(context), { source, target, result });
    const count = Object.values(moves).reduce((sum, each) => sum + each, 0);
    return answer(sent, `Nothing was changed. A merge would move ${count} resources.`, survivor);
  }
  const reason = input.text('reason')?.trim() || 'Not given';
  const { record, isRepeated } = await merge(asKeeper(context), context.access.actor, {
    source,
    target,
    reason,
    result,
  });
  const row = await context.store.read(context.pool, 'Patient', record.targetId);
  const said = isRepeated ? 'This was done before' : `${record.items} resources were moved`;
  const text = `Patient/${record.sourceId} is merged into Patient/${record.targetId}. ${said}.`;
  return answer(sent, text, parseJson(row?.content ?? '{}') as JsonObject);
}

/** What a merge writes follows from the decision, whatever else a clerk may write; the merge itself stands in the trail. */
const asKeeper = (context: FhirContext): FhirContext => ({
  ...context,
  store: {
    ...context.store,
    write: (connection, changes, options) =>
      context.store.write(
        connection,
        changes.map((change) => ({ ...change, access: undefined })),
        options,
      ),
  },
});

function answer(input: JsonObject, diagnostics: string, result: JsonObject): Answer {
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'information', code: 'informational', diagnostics }],
  };
  const parameter = [
    { name: 'input', resource: input },
    { name: 'outcome', resource: outcome },
    { name: 'result', resource: result },
  ];
  return { status: 200, body: JSON.stringify({ resourceType: 'Parameters', parameter }) };
}

/** By reference, or by identifiers that all name one and the same Patient. */
async function namedPatient(context: FhirContext, input: OperationInput, side: 'source' | 'target'): Promise<string> {
  const reference = input.object(`${side}-patient`)?.reference;
  const identifiers = input.objects(`${side}-patient-identifier`);
  if (typeof reference === 'string') {
    const literal = parseLiteralReference(reference, context.baseUrl);
    if (literal?.type === 'Patient' && identifiers.length === 0) return literal.id;
    throw new Failure('value', `${side}-patient must refer to a Patient of this server, without other identifiers.`);
  }
  if (identifiers.length === 0) {
    throw new Failure('required', `Name the ${side} by ${side}-patient or ${side}-patient-identifier.`);
  }
  return patientByIdentifiers(context, identifiers, side);
}

async function patientByIdentifiers(
  { search, pool }: FhirContext,
  identifiers: readonly JsonObject[],
  side: string,
): Promise<string> {
  const query = new URLSearchParams(
    identifiers.map(({ system, value }): [string, string] => {
      if (typeof value !== 'string') throw new Failure('value', `${side}-patient-identifier needs a value.`);
      return ['identifier', `${typeof system === 'string' ? escapeValue(system) : ''}|${escapeValue(value)}`];
    }),
  );
  const asked = { type: 'Patient', query: query.toString(), restriction: undefined };
  const found = await search.findMatches(pool, asked, 2);
  const [only, other] = found;
  if (only && !other) return resolvePatient(pool, only.id);
  if (only)
    throw new Failure('multiple-matches', `Several Patients have the identifiers of the ${side}: name one by its id.`);
  throw new Failure('not-found', `No Patient has the identifiers of the ${side}.`);
}

const escapeValue = (text: string): string => text.replaceAll(/[\\$,|]/g, String.raw`\$&`);

export const mergeOperations: readonly Operation[] = [
  {
    name: 'merge',
    levels: ['type'],
    types: ['Patient'],
    affectsState: true,
    title: 'Merge two patients',
    documentation:
      'For index clerks: lets all that refers to the source refer to the target, which survives; the source becomes inactive and says by whom it was replaced. All or nothing, and repeatable. It can be undone.',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-merge',
    parameters: [
      inParameter('source-patient', 'Reference', 'The Patient that is superseded.'),
      inParameter('source-patient-identifier', 'Identifier', 'Instead: identifiers that all name it.', { max: '*' }),
      inParameter('target-patient', 'Reference', 'The Patient that survives.'),
      inParameter('target-patient-identifier', 'Identifier', 'Instead: identifiers that all name it.', { max: '*' }),
      inParameter('result-patient', 'Patient', 'What the survivor is to be; its own content unless it is given.'),
      inParameter('preview', 'boolean', 'Whether only to say what would be done.'),
      inParameter('reason', 'string', 'Why; it stands in the Provenance.'),
      outParameter('input', 'Parameters', 'What was asked.', { min: 1 }),
      outParameter('outcome', 'OperationOutcome', 'What was done.', { min: 1 }),
      outParameter('result', 'Patient', 'The survivor.'),
    ],
    run,
  },
];
