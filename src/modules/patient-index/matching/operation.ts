import {
  type Answer,
  type FhirContext,
  inParameter,
  type Operation,
  type OperationRequest,
  outParameter,
  printBundle,
  printOperationOutcome,
  readOperationInput,
} from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { isCertain, type Match, match } from './match.ts';
import type { PatientMatching } from './matching.ts';

const gradeUrl = 'http://hl7.org/fhir/StructureDefinition/match-grade';
const defaultCount = 10;
const mostCount = 100;

/** https://hl7.org/fhir/R4/valueset-match-grade.html */
const gradeOf = (found: Match): string =>
  isCertain(found) ? 'certain' : found.evidence.band === 'link' ? 'probable' : 'possible';

function printMatch(baseUrl: string, found: Match): string {
  const search = {
    extension: [{ url: gradeUrl, valueCode: gradeOf(found) }],
    mode: 'match',
    score: Number(found.probability.toFixed(6)),
  };
  const fullUrl = JSON.stringify(`${baseUrl}/Patient/${found.id}`);
  return `{"fullUrl":${fullUrl},"resource":${found.content},"search":${JSON.stringify(search)}}`;
}

const tooCommon =
  'So many persons share what was given that not all of them were compared. Give more: an identifier, or the birth date.';

/** https://hl7.org/fhir/R4/patient-operation-match.html */
async function run(matching: PatientMatching, context: FhirContext, request: OperationRequest): Promise<Answer> {
  const input = readOperationInput(request);
  const patient = input.resource('resource');
  if (patient?.resourceType !== 'Patient') throw new Failure('required', 'Send the parameter resource, a Patient.');
  const count = input.integer('count') ?? defaultCount;
  if (count < 1 || count > mostCount) throw new Failure('value', `The parameter count must be from 1 to ${mostCount}.`);
  const onlyCertain = input.boolean('onlyCertainMatches') ?? false;
  const deps = { ...context, matching };
  const asked = { patient, count, onlyCertain, interaction: '$match' };
  const { matches, isIncomplete } = await match(deps, context.access, asked);
  const entries = matches.map((found) => printMatch(context.baseUrl, found));
  if (isIncomplete) {
    const issue = { severity: 'warning', code: 'too-costly', diagnostics: tooCommon } as const;
    entries.push(`{"resource":${printOperationOutcome([issue])},"search":{"mode":"outcome"}}`);
  }
  return { status: 200, body: printBundle({ type: 'searchset', total: matches.length, entries }) };
}

export const matchOperations = (matching: PatientMatching): readonly Operation[] => [
  {
    name: 'match',
    levels: ['type'],
    types: ['Patient'],
    affectsState: false,
    methods: ['POST'],
    title: 'Find out who a person is',
    documentation:
      'Compares a Patient with all that are known, by names, dates, numbers and addresses, and answers those who may be the same person, the likeliest first, with a score and a grade. Restricted persons are masked; everybody who is shown stands in the trail.',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
    parameters: [
      inParameter('resource', 'Patient', 'What is known of the person.', { min: 1 }),
      inParameter(
        'onlyCertainMatches',
        'boolean',
        'Whether to answer only a person of whom it is certain, if it is one.',
      ),
      inParameter(
        'count',
        'integer',
        `How many to answer at most: ${defaultCount} unless it is given, ${mostCount} at most.`,
      ),
      outParameter('return', 'Bundle', 'Who it may be.', { min: 1 }),
    ],
    run: (context, request) => run(matching, context, request),
  },
];
