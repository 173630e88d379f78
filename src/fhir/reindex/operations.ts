import { Failure } from '#lib/failure.ts';
import type { Jobs } from '#lib/jobs/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { isResourceType, resourceTypes } from '../definitions/index.ts';
import type { Answer } from '../rest/answer.ts';
import type { FhirContext } from '../rest/context.ts';
import type { Operation, OperationParameter, OperationRequest } from '../rest/operation.ts';
import { readOperationInput } from '../rest/operation-input.ts';
import { printOperationOutcome } from '../rest/operation-outcome.ts';
import { type Enqueue, lockRules } from '../search-parameters/index.ts';
import type { RebuildProgress, RebuildResult } from './rebuild-task.ts';
import { percentOf } from './walk.ts';

const mostUnfinished = 10;

const typeParameter: OperationParameter = {
  name: 'type',
  use: 'in',
  min: 0,
  max: '*',
  type: 'code',
  documentation: 'Only resources of these types; all when absent.',
};

const shared = { name: 'reindex', affectsState: true, title: 'Rebuild the search index' };
const documentation =
  'Compares the search index with the resources in the background, and puts right what differs, while they are read and ' +
  'written. Answers 202 with Content-Location.';

/** Asynchronous as in https://hl7.org/fhir/R4/async.html. */
export const reindexOperations: readonly Operation[] = [
  {
    ...shared,
    levels: ['system'],
    documentation,
    parameters: [typeParameter],
    run: (context, request) => start(context, readTypes(request)),
  },
  {
    ...shared,
    levels: ['type'],
    documentation: `Of one resource type. ${documentation}`,
    parameters: [],
    run: (context, { type = '' }) => start(context, [type]),
  },
  {
    ...shared,
    levels: ['instance'],
    types: ['SearchParameter'],
    documentation: `Of the resource types that have this search parameter; tries again where it could not be indexed. ${documentation}`,
    parameters: [],
    run: async (context, { id = '' }) => {
      const types = await typesOf(context, id);
      await indexAgain(context, id);
      return start(context, types);
    },
  },
  {
    name: 'reindex-status',
    levels: ['system'],
    affectsState: true,
    methods: ['GET', 'DELETE'],
    subpath: true,
    title: 'State of a $reindex',
    documentation:
      '202 with X-Progress while it goes on, then 200 with what was done. DELETE stops it; what is done stays done.',
    parameters: [],
    run: (context, request) => (request.method === 'DELETE' ? cancel(context, request) : tell(context, request)),
  },
];

function readTypes(request: OperationRequest): readonly string[] {
  const input = readOperationInput(request);
  const other = input.names.find((name) => name !== 'type');
  if (other !== undefined) throw new Failure('not-supported', `$reindex has no parameter ${other.slice(0, 64)}.`);
  const types = input.texts('type').flatMap((text) => text.split(','));
  const unknown = types.find((type) => !resourceTypes.includes(type));
  if (unknown !== undefined) throw new Failure('value', `"${unknown.slice(0, 64)}" is no resource type of FHIR R4.`);
  return types.length === 0 ? resourceTypes : [...new Set(types)].sort();
}

async function typesOf({ store, pool }: FhirContext, id: string): Promise<readonly string[]> {
  const row = await store.read(pool, 'SearchParameter', id);
  if (!row?.content) throw new Failure('not-found', `There is no SearchParameter/${id}.`);
  const { base } = JSON.parse(row.content) as JsonObject;
  const types = Array.isArray(base) ? base.filter((type) => typeof type === 'string' && isResourceType(type)) : [];
  return types.length === 0 ? resourceTypes : [...new Set(types.map(String))].sort();
}

async function start({ jobs, pool, baseUrl }: FhirContext, types: readonly string[]): Promise<Answer> {
  const recent = await jobs.list('fhir.rebuild-index', 100);
  if (recent.filter(({ endedAt }) => endedAt === undefined).length >= mostUnfinished) {
    throw new Failure('throttled', `${mostUnfinished} rebuilds are under way. Wait until one has ended.`);
  }
  const id = await jobs.enqueue(pool, 'fhir.rebuild-index', { types: [...types] }, { key: keyOf(types) });
  return { status: 202, headers: { 'content-location': `${baseUrl}/$reindex-status/${id}` } };
}

/** A parameter whose indexing has failed is tried once more. */
async function indexAgain({ pool, jobs }: FhirContext, id: string): Promise<void> {
  await inTransaction(pool, async (transaction) => {
    for (const { number, state, id: own } of await lockRules(transaction)) {
      if (own === id && state !== 'active') await enqueueParameter(jobs)(transaction, number, state);
    }
  });
}

/** Asks for the rows of a parameter in the transaction that defines it. */
export const enqueueParameter =
  (jobs: Jobs): Enqueue =>
  async (connection, parameter, state) => {
    const key = `${parameter} ${state}`;
    await jobs.enqueue(connection, 'fhir.index-parameter', { parameter, state }, { key });
  };

/** The same request while one is under way means that one. */
export const keyOf = (types: readonly string[]): string =>
  types.length === resourceTypes.length ? 'all' : types.join(',');

async function find({ jobs }: FhirContext, { rest = '' }: OperationRequest) {
  const found = await jobs.read('fhir.rebuild-index', rest);
  if (!found) throw new Failure('not-found', 'There is no such $reindex, or it has long ended.');
  return found;
}

async function tell(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const { status, progress, result, failure } = await find(context, request);
  if (result) return { status: 200, body: printResult(result) };
  if (status === 'failed') {
    const diagnostics = failure ?? 'The index could not be rebuilt.';
    return { status: 500, body: printOperationOutcome([{ severity: 'error', code: 'exception', diagnostics }]) };
  }
  if (status === 'cancelled') throw new Failure('not-found', 'This $reindex was cancelled.');
  return { status: 202, headers: { 'x-progress': describeProgress(progress), 'retry-after': '1' } };
}

export function describeProgress(progress: RebuildProgress | undefined): string {
  if (!progress) return 'waiting';
  const { resources, repaired, removed, total, token } = progress;
  if (token)
    return `99 %, all ${resources} resources compared, ${repaired} put right; ${removed} codes of none removed`;
  return `${percentOf(resources, total)} %, ${resources} resources compared, ${repaired} put right`;
}

function printResult({ resources, repaired, removed }: RebuildResult): string {
  return JSON.stringify({
    resourceType: 'Parameters',
    parameter: [
      { name: 'resources', valueDecimal: resources },
      { name: 'repaired', valueDecimal: repaired },
      { name: 'removed', valueDecimal: removed },
    ],
  });
}

async function cancel(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const { id } = await find(context, request);
  await context.jobs.cancel('fhir.rebuild-index', id);
  return { status: 202 };
}
