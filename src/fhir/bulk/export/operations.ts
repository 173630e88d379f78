import { Failure } from '#lib/failure.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Answer } from '../../rest/answer.ts';
import type { FhirContext } from '../../rest/context.ts';
import { inParameter, type Operation, type OperationParameter, type OperationRequest } from '../../rest/operation.ts';
import { readOperationInput } from '../../rest/operation-input.ts';
import { printOperationOutcome } from '../../rest/operation-outcome.ts';
import { requireOwner } from '../owner.ts';
import { serveFile } from '../serve-file.ts';
import type { ExportRequest } from './export-request.ts';
import { expiresAt, firstLookMs } from './export-task.ts';
import { printManifest } from './manifest.ts';
import { parseExportRequest } from './parse-request.ts';
import { checkFilter } from './walk-matches.ts';

export interface ExportOperationDependencies {
  storage: ObjectStorage;
  keepHours: number;
}

const ig = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition';
const mostUnfinished = 20;

const parameters: readonly OperationParameter[] = [
  inParameter('_outputFormat', 'string', 'application/fhir+ndjson, application/ndjson or ndjson: it is always NDJSON.'),
  inParameter('_since', 'instant', 'Only what was written after this instant, and what was deleted since.'),
  inParameter('_until', 'instant', 'As it was at this instant, instead of at the start of the export.'),
  inParameter('_type', 'string', 'Resource types, separated by commas; all that can be exported when absent.', {
    max: '*',
  }),
  inParameter(
    '_typeFilter',
    'string',
    'Searches such as Observation?status=final: of that type only what meets one of them.',
    { max: '*' },
  ),
  inParameter(
    '_elements',
    'string',
    'Top-level elements to keep, such as id or Patient.name; required ones always stay.',
    { max: '*' },
  ),
];

const patient = inParameter('patient', 'Reference', 'Only these patients; by POST.', { max: '*' });

/** https://hl7.org/fhir/uv/bulkdata/STU2/export.html */
export function exportOperations(deps: ExportOperationDependencies): Operation[] {
  const start = (level: ExportRequest['level']): Operation['run'] => {
    return (context, request) => startExport(deps, context, request, level);
  };
  const shared = { name: 'export', affectsState: false, needsRight: true };
  return [
    {
      ...shared,
      levels: ['system'],
      title: 'Export everything',
      documentation: 'Writes all resources into NDJSON files in the background. Send Prefer: respond-async.',
      definition: `${ig}/export`,
      parameters,
      run: start('system'),
    },
    {
      ...shared,
      levels: ['type'],
      types: ['Patient'],
      title: 'Export what belongs to patients',
      documentation: 'As the export of everything, with what is in the compartment of any patient.',
      definition: `${ig}/patient-export`,
      parameters: [...parameters, patient],
      run: start('patient'),
    },
    {
      ...shared,
      levels: ['instance'],
      types: ['Group'],
      title: 'Export what belongs to the members of a Group',
      documentation:
        'As the export of everything, with what is in the compartment of a patient who is an active member.',
      definition: `${ig}/group-export`,
      parameters: [...parameters, patient],
      run: start('group'),
    },
    {
      name: 'export-status',
      levels: ['system'],
      affectsState: true,
      needsRight: false,
      methods: ['GET', 'DELETE'],
      subpath: true,
      title: 'State of an export',
      documentation:
        '202 while it goes on, then 200 with the manifest of its files. DELETE cancels it and removes its files.',
      parameters: [],
      run: (context, request) =>
        request.method === 'DELETE' ? cancelExport(context, request) : tellStatus(deps, context, request),
    },
    {
      name: 'export-file',
      levels: ['system'],
      affectsState: false,
      methods: ['GET'],
      subpath: true,
      title: 'File of an export',
      documentation: 'NDJSON, gzipped when Accept-Encoding allows it, otherwise also in ranges.',
      parameters: [],
      run: (context, request) => sendFile(deps, context, request),
    },
  ];
}

async function startExport(
  deps: ExportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
  level: ExportRequest['level'],
): Promise<Answer> {
  const prefer = request.header('prefer') ?? '';
  if (!/\brespond-async\b/.test(prefer)) {
    throw new Failure('invalid', 'An export takes time. Send Prefer: respond-async, and ask at Content-Location then.');
  }
  const isLenient = /\bhandling\s*=\s*lenient\b/.test(prefer);
  const parsed = parseExportRequest({ level, groupId: request.id, input: readOperationInput(request), isLenient });
  if (parsed.patients && request.method !== 'POST') {
    throw new Failure('value', 'Send the parameter patient by POST, in Parameters.');
  }
  for (const [type, filters] of Object.entries(parsed.typeFilters)) {
    for (const filter of filters) await checkFilter(context, type, filter);
  }
  if (level === 'group') await requireGroup(context, request.id ?? '');
  const recent = await context.jobs.list('fhir.write-export', 100);
  if (recent.filter(({ endedAt }) => endedAt === undefined).length >= mostUnfinished) {
    throw new Failure('throttled', `${mostUnfinished} exports are under way. Wait until one has ended.`);
  }
  const url = requestUrl(context, request, level);
  const id = await inTransaction(context.pool, async (transaction) => {
    const exportId = await context.jobs.enqueue(transaction, 'fhir.write-export', {
      request: parsed,
      url,
      actor: context.access.actor,
    });
    const payload = { id: exportId, isWanted: true };
    await context.jobs.enqueue(transaction, 'fhir.remove-export', payload, { delayMs: firstLookMs(deps) });
    return exportId;
  });
  return { status: 202, headers: { 'content-location': `${context.baseUrl}/$export-status/${id}` } };
}

async function requireGroup({ store, pool }: FhirContext, id: string): Promise<void> {
  const row = await store.read(pool, 'Group', id);
  if (!row?.content) throw new Failure('not-found', `There is no Group/${id}.`);
}

function requestUrl(
  { baseUrl }: FhirContext,
  { type, id, parameters: asked }: OperationRequest,
  level: ExportRequest['level'],
): string {
  const path = level === 'system' ? '$export' : level === 'patient' ? `${type}/$export` : `${type}/${id}/$export`;
  const query = new URLSearchParams(asked.map(([name, value]) => [name, value]));
  return query.size > 0 ? `${baseUrl}/${path}?${query}` : `${baseUrl}/${path}`;
}

async function findExport(context: FhirContext, id: string) {
  const found = await context.jobs.read('fhir.write-export', id);
  if (!found || found.isCancelled) {
    throw new Failure('not-found', 'There is no such export: it was cancelled, or its time is over.');
  }
  requireOwner(context, found.payload.actor);
  return found;
}

async function tellStatus(
  deps: ExportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
): Promise<Answer> {
  const { status, progress, result, failure, createdAt, endedAt, payload } = await findExport(
    context,
    request.rest ?? '',
  );
  if (result && endedAt) {
    const expires = expiresAt(endedAt, deps.keepHours);
    return {
      status: 200,
      contentType: 'application/json',
      headers: { expires: expires.toUTCString() },
      body: printManifest(context.baseUrl, request.rest ?? '', payload.url, result),
    };
  }
  if (status === 'failed') {
    const issue = { severity: 'error', code: 'exception', diagnostics: failure ?? 'The export failed.' } as const;
    return { status: 500, body: printOperationOutcome([issue]) };
  }
  const ageSeconds = (context.now() - createdAt.getTime()) / 1000;
  return {
    status: 202,
    headers: {
      'x-progress': describeProgress(progress),
      'retry-after': String(Math.min(30, Math.max(1, Math.round(ageSeconds / 10)))),
    },
  };
}

function describeProgress(
  progress: { resources: number; title: string; prepared: { total?: number } } | undefined,
): string {
  if (!progress) return 'waiting';
  const { resources, title, prepared } = progress;
  const of = prepared.total === undefined ? '' : ` of about ${Math.round(prepared.total)}`;
  return `${resources}${of} resources written, at ${title}`;
}

async function cancelExport(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const id = request.rest ?? '';
  await findExport(context, id);
  await inTransaction(context.pool, async (transaction) => {
    await context.jobs.cancel('fhir.write-export', id, transaction);
    await context.jobs.enqueue(transaction, 'fhir.remove-export', { id, isWanted: false });
  });
  return { status: 202 };
}

/** The rest of the address is the id of the export, a dot, and the name of the file. */
async function sendFile(
  deps: ExportOperationDependencies,
  context: FhirContext,
  request: OperationRequest,
): Promise<Answer> {
  const [, id = '', name = ''] = /^([0-9a-f-]{36})\.(.+)$/.exec(request.rest ?? '') ?? [];
  const { result } = await findExport(context, id);
  const file = result?.files.find((candidate) => candidate.name === name);
  if (!file) throw new Failure('not-found', 'This export has no such file.');
  return serveFile(deps.storage, `${id}/${name}`, file.byteLength, request);
}
