import { Failure } from '#lib/failure.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Answer } from '../../rest/answer.ts';
import type { FhirContext } from '../../rest/context.ts';
import { inParameter, type Operation, type OperationRequest } from '../../rest/operation.ts';
import { printOperationOutcome } from '../../rest/operation-outcome.ts';
import { instantOf } from '../../store/index.ts';
import { requireOwner } from '../owner.ts';
import { serveFile } from '../serve-file.ts';
import type { ImportPayload, ImportResult } from './import-task.ts';
import { parseImportRequest } from './parse-request.ts';

export interface ImportOperationDependencies {
  storage: ObjectStorage;
  keepHours: number;
  /** Addresses below which files may be imported. */
  prefixes: readonly string[];
}

const hourMs = 3_600_000;
const mostUnfinished = 20;

/** https://github.com/smart-on-fhir/bulk-import/blob/master/import-pnp.md */
export function importOperations(deps: ImportOperationDependencies): Operation[] {
  return [
    {
      name: 'import',
      levels: ['system'],
      affectsState: true,
      title: 'Import bulk data',
      documentation:
        'Brings in NDJSON files in the background, from addresses that the operator allows. Send Prefer: respond-async.',
      parameters: [
        inParameter('inputFormat', 'string', 'application/fhir+ndjson.'),
        inParameter('inputSource', 'uri', 'Where the data comes from; for the reader.'),
        inParameter('input', undefined, 'A file: its parts are url, and type if it is known.', { max: '*' }),
        inParameter('manifest', 'url', 'Instead of input: the manifest of a bulk export, whose files are brought in.'),
      ],
      run: (context, request) => startImport(deps, context, request),
    },
    {
      name: 'import-status',
      levels: ['system'],
      affectsState: true,
      methods: ['GET', 'DELETE'],
      subpath: true,
      title: 'State of an import',
      documentation: '202 while it goes on, then 200 with what was brought in and what was refused. DELETE cancels it.',
      parameters: [],
      run: (context, request) =>
        request.method === 'DELETE' ? cancelImport(context, request) : tellStatus(deps, context, request),
    },
    {
      name: 'import-file',
      levels: ['system'],
      affectsState: false,
      needsRight: true,
      methods: ['GET'],
      subpath: true,
      title: 'What an import refused',
      documentation: 'An OperationOutcome for each resource that was not stored, as NDJSON.',
      parameters: [],
      run: (context, request) => sendErrors(deps, context, request),
    },
  ];
}

async function startImport(
  { prefixes, keepHours }: ImportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
): Promise<Answer> {
  if (!/\brespond-async\b/.test(request.header('prefer') ?? '')) {
    throw new Failure('invalid', 'An import takes time. Send Prefer: respond-async, and ask at Content-Location then.');
  }
  const parsed = parseImportRequest(request, prefixes);
  const recent = await context.jobs.list('fhir.run-import', 100);
  if (recent.filter(({ endedAt }) => endedAt === undefined).length >= mostUnfinished) {
    throw new Failure('throttled', `${mostUnfinished} imports are under way. Wait until one has ended.`);
  }
  const id = await inTransaction(context.pool, async (transaction) => {
    const payload: ImportPayload = { request: parsed, url: `${context.baseUrl}/$import`, actor: context.access.actor };
    const importId = await context.jobs.enqueue(transaction, 'fhir.run-import', payload);
    const removal = { id: importId, isWanted: true };
    await context.jobs.enqueue(transaction, 'fhir.remove-import', removal, { delayMs: keepHours * hourMs });
    return importId;
  });
  return { status: 202, headers: { 'content-location': `${context.baseUrl}/$import-status/${id}` } };
}

async function findImport(context: FhirContext, id: string) {
  const found = await context.jobs.read('fhir.run-import', id);
  if (!found || found.isCancelled) {
    throw new Failure('not-found', 'There is no such import: it was cancelled, or its time is over.');
  }
  requireOwner(context, found.payload.actor);
  return found;
}

async function tellStatus(
  deps: ImportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
): Promise<Answer> {
  const id = request.rest ?? '';
  const { status, progress, result, failure, endedAt, payload } = await findImport(context, id);
  if (result && endedAt) {
    const expires = new Date(endedAt.getTime() + deps.keepHours * hourMs).toUTCString();
    const body = printResult(context.baseUrl, id, payload, result);
    return { status: 200, contentType: 'application/json', headers: { expires }, body };
  }
  if (status === 'failed') {
    const issue = { severity: 'error', code: 'exception', diagnostics: failure ?? 'The import failed.' } as const;
    return { status: 500, body: printOperationOutcome([issue]) };
  }
  const { title = 'waiting', resources = 0, bytesRead = 0 } = progress ?? {};
  const told = progress ? `${title}: ${resources} resources, ${bytesRead} bytes read` : title;
  return { status: 202, headers: { 'x-progress': told, 'retry-after': '2' } };
}

/** What was brought in, by type, and where to read why the rest was not. */
function printResult(baseUrl: string, id: string, { request, url }: ImportPayload, result: ImportResult): string {
  const { endedAt, counts, errors } = result;
  const output = Object.entries(counts).flatMap(([type, fates]) => {
    const accepted = Object.entries(fates).filter(([fate]) => fate !== 'rejected' && fate !== 'ignored');
    const count = accepted.reduce((sum, [, number]) => sum + number, 0);
    return count > 0 ? [{ type, count, ...Object.fromEntries(accepted) }] : [];
  });
  const error = errors
    ? [{ type: 'OperationOutcome', url: `${baseUrl}/$import-file/${id}.errors.ndjson`, count: errors.count }]
    : [];
  const input = request.inputs.map(({ type, url: address }) => ({ ...(type && { type }), inputUrl: address }));
  return JSON.stringify({ transactionTime: instantOf(endedAt * 1000), request: url, input, output, error });
}

async function cancelImport(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const id = request.rest ?? '';
  await findImport(context, id);
  await inTransaction(context.pool, async (transaction) => {
    await context.jobs.cancel('fhir.run-import', id, transaction);
    await context.jobs.enqueue(transaction, 'fhir.remove-import', { id, isWanted: false });
  });
  return { status: 202 };
}

async function sendErrors(
  deps: ImportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
): Promise<Answer> {
  const [, id = ''] = /^([0-9a-f-]{36})\.errors\.ndjson$/.exec(request.rest ?? '') ?? [];
  const { result } = await findImport(context, id);
  if (!result?.errors) throw new Failure('not-found', 'This import has no such file.');
  return serveFile(deps.storage, `${id}/errors.ndjson`, result.errors.byteLength, request);
}
