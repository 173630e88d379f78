import { Failure } from '#lib/failure.ts';
import type { Answer } from '../../answer.ts';
import type { FhirContext } from '../../context.ts';
import { inParameter, type Operation, outParameter } from '../../operation.ts';
import { type OperationInput, readOperationInput } from '../../operation-input.ts';
import { requireId, requireType } from '../../require.ts';
import { type ExpungeScope, expungeDeleted, expungeResource } from './expunge.ts';
import { requireOperator } from './operator.ts';

const greatestLimit = 1000;
const who = 'Operator, by token';

function expunge(token: string): Operation['run'] {
  return async (context, request) => {
    requireOperator(token, request.header('authorization'));
    const input = readOperationInput(request);
    refuseUnknown(input);
    const type = requireType(request);
    return request.id === undefined
      ? expungeOfType(context, type, input)
      : expungeInstance(context, { type, id: requireId(request) }, input);
  };
}

const known = ['expungeEverything', 'expungeDeletedResources', 'expungePreviousVersions', 'version', 'limit', 'reason'];

function refuseUnknown(input: OperationInput): void {
  const unknown = input.names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Failure('value', `$expunge knows ${known.join(', ')}, not ${unknown.slice(0, 64)}.`);
}

async function expungeInstance(
  context: FhirContext,
  resource: { type: string; id: string },
  input: OperationInput,
): Promise<Answer> {
  const scope = readScope(input);
  const { versions } = await expungeResource(context, resource, scope, { who, reason: input.text('reason') });
  return printCounts({ resources: 1, versions: versions.length, hasMore: false });
}

/** Exactly one of the ways, so that nothing vanishes by a misunderstanding. */
function readScope(input: OperationInput): ExpungeScope {
  const scopes: ExpungeScope[] = [];
  if (input.boolean('expungeEverything')) scopes.push('everything');
  if (input.boolean('expungeDeletedResources')) scopes.push('deleted');
  if (input.boolean('expungePreviousVersions')) scopes.push('previous');
  const versions = input.texts('version').map(parseVersion);
  if (versions.length > 0) scopes.push({ versions });
  const [scope, ...more] = scopes;
  if (scope && more.length === 0) return scope;
  throw new Failure(
    'required',
    'Say exactly one of expungeEverything, expungeDeletedResources, expungePreviousVersions (true), or version.',
  );
}

function parseVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Failure('value', 'version must be the number of a version, from 1.');
}

async function expungeOfType(context: FhirContext, type: string, input: OperationInput): Promise<Answer> {
  if (input.boolean('expungeDeletedResources') !== true || input.names.some((name) => !ofType.includes(name))) {
    throw new Failure('required', 'At a type only deleted resources are expunged: send expungeDeletedResources true.');
  }
  const limit = Math.min(input.integer('limit') ?? greatestLimit, greatestLimit);
  if (limit === 0) throw new Failure('value', 'limit must be at least 1.');
  const { expunged, hasMore } = await expungeDeleted(context, type, limit, { who, reason: input.text('reason') });
  const versions = expunged.reduce((sum, resource) => sum + resource.versions.length, 0);
  return printCounts({ resources: expunged.length, versions, hasMore });
}

const ofType = ['expungeDeletedResources', 'limit', 'reason'];

const printCounts = ({ resources, versions, hasMore }: { resources: number; versions: number; hasMore: boolean }) => ({
  status: 200,
  body: JSON.stringify({
    resourceType: 'Parameters',
    parameter: [
      { name: 'count', valueInteger: versions },
      { name: 'resources', valueInteger: resources },
      { name: 'more', valueBoolean: hasMore },
    ],
  }),
});

/** `token` is what an operator sends as Bearer; without one, the operation says how to switch it on. */
export function expungeOperations(token: string): Operation[] {
  return [
    {
      name: 'expunge',
      levels: ['type', 'instance'],
      affectsState: true,
      title: 'Remove for good',
      documentation:
        'For operators: removes versions from the database, with their index, and writes an AuditEvent. At a type, all of deleted resources.',
      parameters: [
        inParameter('expungeEverything', 'boolean', 'All of the resource, its current version included.'),
        inParameter('expungeDeletedResources', 'boolean', 'All of the resource, or of those of the type, if deleted.'),
        inParameter('expungePreviousVersions', 'boolean', 'All versions but the current one.'),
        inParameter('version', 'integer', 'A version that is not the current one.', { max: '*' }),
        inParameter('limit', 'integer', `Resources at once, at a type; at most ${greatestLimit}.`),
        inParameter('reason', 'string', 'Why; it stands in the AuditEvent.'),
        outParameter('count', 'integer', 'How many versions were removed.', { min: 1 }),
        outParameter('resources', 'integer', 'Of how many resources.', { min: 1 }),
        outParameter('more', 'boolean', 'Whether some are left, at a type: repeat the request.', { min: 1 }),
      ],
      run: expunge(token),
    },
  ];
}
