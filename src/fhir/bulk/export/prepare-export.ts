import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { parseLiteralReference, ridRange, type Store } from '../../store/index.ts';
import type { ExportRequest } from './export-request.ts';
import { countUnsettled, deleteMembers, estimateResources, insertMembers } from './queries.ts';
import { sectionsOf } from './sections.ts';
import { patientNumber, type WalkDependencies } from './walk.ts';

export interface PrepareDependencies extends WalkDependencies {
  store: Pick<Store, 'read'>;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
}

/** What is decided before the first resource is read. */
export interface Prepared {
  /** Microseconds since 1970 UTC. */
  transactionTime: number;
  /** Expected number of resources, where everything of some types is exported. */
  total?: number;
  notes: readonly string[];
}

/** A version is stamped a moment before its transaction begins, by the clock of its server. */
const clockToleranceMs = 1000;
const longestReaderMs = 5000;
const longestWriterMs = 900_000;

/**
 * Chooses the instant of the export, and waits until no transaction can bring in a version of that instant or before
 * any more: otherwise it would be missing here and in the next export since that instant.
 */
export async function prepareExport(
  deps: PrepareDependencies,
  exportId: string,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<Prepared> {
  const transactionTime = deps.now() * 1000;
  const notes = [...request.notes, ...(await noteMembers(deps, exportId, request))];
  const total = await expectedTotal(deps, request);
  await settle(deps, transactionTime, signal);
  return { transactionTime, ...(total !== undefined && { total }), notes };
}

async function settle({ pool }: PrepareDependencies, instant: number, signal: AbortSignal): Promise<void> {
  await pause(clockToleranceMs, signal);
  const startedAt = performance.now();
  for (;;) {
    const waitedMs = performance.now() - startedAt;
    if ((await countUnsettled(pool, instant, waitedMs > longestReaderMs)) === 0) return;
    if (waitedMs > longestWriterMs) {
      throw new Failure('transient', 'A transaction that began before the export does not end. End it.');
    }
    await pause(Math.min(1000, 20 + waitedMs / 10), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

async function expectedTotal({ pool }: PrepareDependencies, request: ExportRequest): Promise<number | undefined> {
  if (request.level !== 'system') return undefined;
  let total = 0;
  for (const { countedType, key } of sectionsOf(request)) {
    if (key.kind !== 'output') continue;
    if (countedType === undefined) return undefined;
    const { first, last } = ridRange(countedType);
    total += await estimateResources(pool, first, last);
  }
  return total;
}

/** Keeps the patients of the export, as they are now. Returns what is worth telling about them. */
async function noteMembers(deps: PrepareDependencies, exportId: string, request: ExportRequest): Promise<string[]> {
  const { groupId, patients } = request;
  if (groupId === undefined && patients === undefined) return [];
  const notes: string[] = [];
  const inGroup = groupId === undefined ? undefined : await readGroup(deps, groupId, notes);
  const wanted = patients && inGroup ? patients.filter((id) => inGroup.has(id)) : [...(patients ?? inGroup ?? [])];
  if (patients && wanted.length < patients.length) {
    notes.push(`${patients.length - wanted.length} of the patients asked for are not members of Group/${groupId}.`);
  }
  const found = await inTransaction(deps.pool, async (transaction) => {
    await deleteMembers(transaction, exportId);
    return insertMembers(transaction, exportId, patientNumber, wanted);
  });
  if (found < wanted.length) notes.push(`${wanted.length - found} of ${wanted.length} patients do not exist here.`);
  return notes;
}

async function readGroup(
  { store, pool, baseUrl }: PrepareDependencies,
  groupId: string,
  notes: string[],
): Promise<Set<string>> {
  const row = await store.read(pool, 'Group', groupId);
  if (!row?.content) throw new Failure('not-found', `There is no Group/${groupId}.`);
  const { member = [] } = parseJson(row.content) as JsonObject;
  const active = (Array.isArray(member) ? member : []).filter(
    (entry) => isJsonObject(entry) && entry.inactive !== true,
  );
  const ids = active.flatMap((entry) => patientOf(entry, baseUrl) ?? []);
  if (ids.length < active.length) {
    notes.push(`${active.length - ids.length} members of Group/${groupId} are not patients of this server.`);
  }
  return new Set(ids);
}

function patientOf(member: JsonValue, baseUrl: string): string | undefined {
  const entity = isJsonObject(member) ? member.entity : undefined;
  const reference = isJsonObject(entity ?? null) ? (entity as JsonObject).reference : undefined;
  const target = typeof reference === 'string' ? parseLiteralReference(reference, baseUrl) : undefined;
  return target?.type === 'Patient' ? target.id : undefined;
}
