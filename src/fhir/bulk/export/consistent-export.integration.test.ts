import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import type { ExportRequest } from './export-request.ts';
import { insertMembers } from './queries.ts';
import { type Page, type Position, pageLimits, patientNumber, type WalkScope } from './walk.ts';
import { walkType } from './walk-all.ts';
import { walkMemberResources, walkMembers } from './walk-members.ts';
import { writeExport } from './write-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-consistent-'));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const request = (more: Partial<ExportRequest>): ExportRequest => ({
  level: 'system',
  types: ['Basic'],
  typeFilters: {},
  notes: [],
  ...more,
});

async function exportAs(id: string, more: Partial<ExportRequest>) {
  const { transactionTime, files } = await writeExport(
    { ...server.context, storage: createFolderStorage(folder), pieceLength: 4096 },
    {
      id,
      request: request(more),
      state: undefined,
      restriction: undefined,
      save: async () => {},
      signal: new AbortController().signal,
    },
  );
  const lines = (kind: string) =>
    files
      .filter((file) => file.kind === kind)
      .flatMap(({ name }) =>
        readFileSync(join(folder, id, name), 'utf8')
          .trimEnd()
          .split('\n'),
      )
      .map((line) => JSON.parse(line));
  const deleted = lines('deleted').flatMap(({ entry }) =>
    entry.map((one: { request: { url: string } }) => one.request.url),
  );
  return { transactionTime, resources: lines('output'), deleted: deleted as string[] };
}

interface Version {
  updated: number;
  version: number;
  isDeleted: boolean;
}

/** Writes to a few resources again and again until it is told to stop; returns what was acknowledged. */
async function write(versions: Map<string, Version[]>, writer: number, isOver: () => boolean): Promise<void> {
  const { store } = server.context;
  for (let round = 0; !isOver(); round++) {
    const ids = [`w${writer}-${round % 40}`, `w${writer}-n${round}`];
    const isDeletion = round % 7 === 3;
    const outcomes = await store.commit(
      ids.map((id) => {
        if (isDeletion) return { type: 'Basic', id, method: 3 as const };
        const resource: JsonObject = { resourceType: 'Basic', id, code: { text: `${round}` } };
        return { type: 'Basic', id, method: 2 as const, resource };
      }),
    );
    for (const { id, updated, version, status } of outcomes) {
      if (status === 'absent' || status === 'unchanged') continue;
      versions.set(id, [...(versions.get(id) ?? []), { updated, version, isDeleted: status === 'deleted' }]);
    }
    await sleep(1);
  }
}

/** Which version of each resource counted at an instant; deleted ones are left out. */
function countedAt(versions: Map<string, Version[]>, instant: number): Map<string, string> {
  const counted = new Map<string, string>();
  for (const [id, all] of versions) {
    const last = all.filter(({ updated }) => updated <= instant).at(-1);
    if (last && !last.isDeleted) counted.set(id, String(last.version));
  }
  return counted;
}

const sorted = (map: Map<string, string>) => [...map].sort(([left], [right]) => (left < right ? -1 : 1));

test('while four clients write, exports have what counted at their instant, and one after the other miss nothing', async () => {
  const versions = new Map<string, Version[]>();
  let isOver = false;
  const writers = [1, 2, 3, 4].map((writer) => write(versions, writer, () => isOver));
  await sleep(500);
  const replica = new Map<string, string>();
  const seen: { transactionTime: number; copy: [string, string][] }[] = [];
  let since: number | undefined;
  for (let round = 0; round < 5; round++) {
    const found = await exportAs(`round-${round}`, since === undefined ? {} : { since });
    const ids = found.resources.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, meta } of found.resources) replica.set(id, meta.versionId);
    for (const name of found.deleted) replica.delete(name.slice('Basic/'.length));
    since = found.transactionTime;
    seen.push({ transactionTime: since, copy: sorted(replica) });
  }
  isOver = true;
  await Promise.all(writers);
  for (const { transactionTime, copy } of seen) expect(copy).toEqual(sorted(countedAt(versions, transactionTime)));
  expect(replica.size).toBeGreaterThan(200);
  const whole = await exportAs('again', { until: since ?? 0 });
  expect(sorted(new Map(whole.resources.map(({ id, meta }) => [id, meta.versionId])))).toEqual(sorted(replica));
});

const exportId = '00000000-0000-4000-8000-000000000000';

test.each(['Binary', 'Patient', 'DocumentReference'])(
  'a page has as many bytes of %s as the memory can bear',
  async (type) => {
    const { store, pool } = server.context;
    const data = Buffer.alloc(900_000, 'x').toString('base64');
    const ids = Array.from({ length: 20 }, (_, index) => `l-${index}`);
    const large: Record<string, JsonObject> = {
      Binary: { contentType: 'text/plain', data },
      DocumentReference: {
        status: 'current',
        subject: { reference: 'Patient/l-3' },
        content: [{ attachment: { data } }],
      },
      Patient: { photo: [{ data }] },
    };
    for (const id of ids) {
      await store.commit([{ type, id, method: 2, resource: { resourceType: type, id, ...large[type] } }]);
    }
    if (type === 'Patient') await insertMembers(pool, exportId, patientNumber, ids);
    const instants = { asOf: Number.MAX_SAFE_INTEGER, since: -1 };
    const scope: WalkScope = { ...server.context, pool, exportId, instants, members: 'noted', restriction: undefined };
    const walk =
      type === 'Binary'
        ? walkType({ ...scope, members: 'all' }, type)
        : type === 'Patient'
          ? walkMembers(scope)
          : walkMemberResources(scope, type);
    const sizes: number[] = [];
    let count = 0;
    for (let position: Position | undefined; ; ) {
      const { contents, next }: Page = await walk(position);
      if (!next) break;
      sizes.push(contents.join('').length);
      count += contents.length;
      position = next;
    }
    expect(count).toBe(20);
    expect(Math.max(...sizes)).toBeLessThan(pageLimits.byteLength + 1_300_000);
  },
);
