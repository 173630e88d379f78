import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { createFolderStorage, createS3Storage, type ObjectStorage } from '#lib/object-storage/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { type S3Server, startS3Server } from '#testing/s3-server.ts';
import type { ExportRequest, ExportResult } from './export-request.ts';
import { type ExportState, writeExport } from './write-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-broken-'));
let server: TestServer;
let s3: S3Server;

beforeAll(async () => {
  [server, s3] = await Promise.all([startTestServer(), startS3Server()]);
  const put = (type: string, id: string, length: number) => ({
    type,
    id,
    method: 2 as const,
    resource: { resourceType: type, id, code: { text: 'x'.repeat(length) } },
  });
  const basics = Array.from({ length: 4500 }, (_, index) => put('Basic', `b-${index}`, 2500));
  for (let from = 0; from < basics.length; from += 500)
    await server.context.store.commit(basics.slice(from, from + 500));
  await server.context.store.commit([put('List', 'l', 1), put('List', 'gone', 1)]);
  await server.context.store.commit([{ type: 'List', id: 'gone', method: 3 }]);
});

afterAll(async () => {
  await server.stop();
  s3.stop();
  rmSync(folder, { recursive: true, force: true });
});

const request: ExportRequest = {
  level: 'system',
  types: ['Basic', 'List'],
  since: 1,
  typeFilters: {},
  notes: ['Something was left out.'],
};

class Crash extends Error {}

/** Lets so many steps pass, and breaks off before or after the next one. */
class Breaker {
  #left: number;
  readonly #isAfter: boolean;
  hasBroken = false;

  constructor(steps: number, isAfter: boolean) {
    this.#left = steps;
    this.#isAfter = isAfter;
  }

  async step<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#left-- !== 0) return run();
    this.hasBroken = true;
    if (this.#isAfter) await run();
    throw new Crash();
  }

  around(storage: ObjectStorage): ObjectStorage {
    return {
      ...storage,
      begin: (name) => this.step(() => storage.begin(name)),
      resume: (file) => this.step(() => storage.resume(file)),
      append: (file, bytes) => this.step(() => storage.append(file, bytes)),
      finish: (file) => this.step(() => storage.finish(file)),
    };
  }
}

let prepared: ExportState | undefined;

/** Exports with a crash after so many steps, in every attempt but the last; each attempt goes on from what was saved. */
async function exportBroken(storage: ObjectStorage, id: string, breakers: Breaker[]): Promise<ExportResult> {
  let state = prepared;
  for (const breaker of [...breakers, new Breaker(-1, false)]) {
    const run = writeExport(
      {
        ...server.context,
        storage: breaker.around(storage),
        pieceLength: 100_000,
        fileLength: 600_000,
      },
      {
        id,
        request,
        state,
        restriction: undefined,
        signal: new AbortController().signal,
        save: (reached) =>
          breaker.step(async () => {
            state = JSON.parse(JSON.stringify(reached)) as ExportState;
          }),
      },
    );
    const result = await run.catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
      return undefined;
    });
    prepared ??= state && { prepared: state.prepared, section: 0, files: [], resources: 0 };
    if (result) return result;
  }
  throw new Failure('exception', 'It never ends.');
}

async function contentOf(storage: ObjectStorage, id: string, { files }: ExportResult): Promise<string> {
  const texts: string[] = [];
  for (const { name, byteLength, count } of files) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await storage.read(`${id}/${name}`))?.bytes ?? []) chunks.push(chunk);
    const text = Buffer.concat(chunks);
    expect({ name, byteLength: text.length }).toEqual({ name, byteLength });
    expect(text.toString().split('\n').length - 1).toBe(count);
    texts.push(text.toString());
  }
  return texts.join('');
}

const storages: Record<string, () => ObjectStorage> = {
  'a folder': () => createFolderStorage(folder),
  S3: () => createS3Storage({ ...s3, region: 'eu-central-1' }),
};

describe.each(Object.entries(storages))('into %s', (kind, create) => {
  test('an export that is broken off before or after any of its steps comes out the same', async () => {
    const storage = create();
    const whole = await exportBroken(storage, 'whole', []);
    const expected = await contentOf(storage, 'whole', whole);
    const names = whole.files.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['Basic.2.ndjson', 'List.1.ndjson', 'deleted.1.ndjson', 'error.1.ndjson']),
    );
    let steps = 0;
    for (let hasBroken = true; hasBroken; steps++) {
      // Before the next step is after this one, except where the storage itself has to notice.
      for (const isAfter of kind === 'S3' ? [true] : [false, true]) {
        const id = `broken-${steps}-${isAfter}`;
        const breaker = new Breaker(steps, isAfter);
        const result = await exportBroken(storage, id, [breaker, new Breaker(steps % 3, !isAfter)]);
        expect(result).toEqual(whole);
        expect(await contentOf(storage, id, result)).toBe(expected);
        await storage.removeFolder(id);
        hasBroken = breaker.hasBroken;
      }
    }
    expect(steps).toBeGreaterThan(20);
  }, 120_000);
});
