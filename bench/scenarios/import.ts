import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { indexTables } from '#fhir/store/queries.ts';
import { type BundleText, takeResources } from '../bundles.ts';
import { type Measured, type Memory, measure, watchMemory } from '../measure.ts';
import { contentBytes, countResources, type TableSize, tableSizes } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { profileFlags } from '../server.ts';
import { measureStage } from '../stage.ts';
import type { StageCosts } from '../stage-costs.ts';
import { round } from '../statistics.ts';

export interface ImportResult extends Measured {
  importMemory: Memory;
  /** What reads, searches and creates cost when few resources are there. */
  atFirst: StageCosts;
  contentBytesPerResource: number;
  /** Of all tables and indexes of the record, history apart. */
  diskBytesPerResource: number;
  indexRowsPerResource: Record<string, number>;
  tables: TableSize[];
}

/** So many come first: what they cost is set against what the same costs once all are there. */
const firstResources = 10_000;

/** `meridian import` beside the running server; its process counts as the server's. */
export async function runImport(bench: Bench): Promise<ImportResult> {
  const { server, log } = bench;
  const input = mkdtempSync(join(tmpdir(), 'meridian-bench-input-'));
  try {
    const { first, rest } = await prepareInput(bench, input);
    await importFiles(bench, first.path);
    const atFirst = await measureStage(bench);
    bench.atFirst = atFirst;
    const counted = await countResources(server.pool);
    log(`import: ${rest.resources} resources`);
    let importMemory: Memory = { peakMb: 0, growth: 0 };
    const measured = await measure(
      { unit: 'resource', server: server.processId, postmaster: server.postmaster },
      async () => {
        importMemory = await importFiles(bench, rest.path);
        return rest.resources;
      },
    );
    const stored = (await countResources(server.pool)) - counted;
    const expected = rest.names.difference(first.names).size;
    if (stored !== expected) throw new Error(`${stored} of ${expected} resources are there after the import`);
    return { ...measured, importMemory, atFirst, ...(await storedSize(bench)) };
  } finally {
    rmSync(input, { recursive: true, force: true });
  }
}

interface Input {
  path: string;
  resources: number;
  /** `Patient/1` of each resource; some stand in several Bundles. */
  names: Set<string>;
}

/** The first few resources, and the others, in a gzipped file each. */
async function prepareInput({ data, options }: Bench, folder: string): Promise<{ first: Input; rest: Input }> {
  const bundles = takeResources(data, options.limit);
  const first = await writeInput(bundles, join(folder, 'first.ndjson.gz'), Math.min(firstResources, options.limit / 2));
  const rest = await writeInput(bundles, join(folder, 'rest.ndjson.gz'), Number.POSITIVE_INFINITY);
  return { first, rest };
}

async function writeInput(bundles: AsyncGenerator<BundleText>, path: string, most: number): Promise<Input> {
  const input: Input = { path, resources: 0, names: new Set() };
  const lines = async function* () {
    while (input.resources < most) {
      const { value: bundle, done } = await bundles.next();
      if (done) return;
      input.resources += bundle.resources;
      for (const name of bundle.names) input.names.add(name);
      yield `${bundle.text}\n`;
    }
  };
  await pipeline(lines(), createGzip({ level: 1 }), createWriteStream(path));
  return input;
}

async function importFiles({ server, options }: Bench, path: string): Promise<Memory> {
  const flags = profileFlags(options.profileFolder);
  const child = spawn(process.execPath, [...flags, 'src/apps/cli/main.ts', 'import', path], {
    env: server.environment,
    stdio: ['ignore', 2, 2],
  });
  const memory = watchMemory(child.pid ?? 0);
  const [code] = (await once(child, 'exit')) as [number | null];
  const used = memory.stop();
  if (code !== 0) throw new Error(`meridian import ended with exit code ${code}`);
  return used;
}

async function storedSize({ server }: Bench): Promise<Omit<ImportResult, keyof Measured | 'importMemory' | 'atFirst'>> {
  const tables = await tableSizes(server.pool);
  const resources = await countResources(server.pool);
  const current = tables.filter(({ table }) => table !== 'resource_history');
  const bytes = current.reduce((sum, { heapBytes, indexBytes }) => sum + heapBytes + indexBytes, 0);
  const perResource = Object.fromEntries(
    tables
      .filter(({ table }) => indexTables.includes(table))
      .map(({ table, rows }) => [table, round(rows / resources, 3)]),
  );
  const all = Object.values(perResource).reduce((sum, rows) => sum + rows, 0);
  return {
    contentBytesPerResource: round((await contentBytes(server.pool)) / resources),
    diskBytesPerResource: round(bytes / resources),
    indexRowsPerResource: { all: round(all, 4), ...perResource },
    tables,
  };
}
