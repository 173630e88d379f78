import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type BundleText, takeResources } from '../bundles.ts';
import { type Measured, measure, watchMemory } from '../measure.ts';
import { contentBytes, countResources, type TableSize, tableSizes } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { profileFlags } from '../server.ts';
import { round } from '../statistics.ts';

export interface ImportResult extends Measured {
  importPeakMb: number;
  contentBytesPerResource: number;
  /** Of all tables and indexes of the record, history apart. */
  diskBytesPerResource: number;
  indexRowsPerResource: Record<string, number>;
  tables: TableSize[];
}

/** `meridian import` beside the running server; its process counts as the server's. */
export async function runImport(bench: Bench): Promise<ImportResult> {
  const { server } = bench;
  const input = mkdtempSync(join(tmpdir(), 'meridian-bench-input-'));
  try {
    const { path, resources, names } = await prepareInput(bench, input);
    const counted = await countResources(server.pool);
    let importPeakMb = 0;
    const measured = await measure(
      { unit: 'resource', server: server.processId, postmaster: server.postmaster },
      async () => {
        importPeakMb = await importFiles(bench, path);
        return resources;
      },
    );
    const stored = (await countResources(server.pool)) - counted;
    if (stored !== names.size) throw new Error(`${stored} of ${names.size} resources are there after the import`);
    return { ...measured, importPeakMb, ...(await storedSize(bench)) };
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

/** Without a limit the files are imported as they are; otherwise their first Bundles, in a file of their own. */
async function prepareInput({ data, options }: Bench, folder: string): Promise<Input> {
  let resources = 0;
  const names = new Set<string>();
  const count = async function* (bundles: AsyncIterable<BundleText>) {
    for await (const bundle of bundles) {
      resources += bundle.resources;
      for (const name of bundle.names) names.add(name);
      yield `${bundle.text}\n`;
    }
  };
  const lines = count(takeResources(data, options.limit));
  if (data.folder !== undefined && options.limit === undefined) {
    for await (const _line of lines);
    return { path: data.folder, resources, names };
  }
  const path = join(folder, 'bundles.ndjson.gz');
  await pipeline(lines, createGzip({ level: 1 }), createWriteStream(path));
  return { path, resources, names };
}

async function importFiles({ server, options }: Bench, path: string): Promise<number> {
  const flags = profileFlags(options.profileFolder);
  const child = spawn(process.execPath, [...flags, 'src/apps/cli/main.ts', 'import', path], {
    env: server.environment,
    stdio: ['ignore', 2, 2],
  });
  const memory = watchMemory(() => [child.pid ?? 0]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const peakMb = memory.stop();
  if (code !== 0) throw new Error(`meridian import ended with exit code ${code}`);
  return peakMb;
}

async function storedSize({ server }: Bench): Promise<Omit<ImportResult, keyof Measured | 'importPeakMb'>> {
  const tables = await tableSizes(server.pool);
  const resources = await countResources(server.pool);
  const current = tables.filter(({ table }) => table !== 'resource_history');
  const bytes = current.reduce((sum, { heapBytes, indexBytes }) => sum + heapBytes + indexBytes, 0);
  const perResource = Object.fromEntries(
    tables
      .filter(({ table }) => ['token', 'reference', 'date', 'quantity', 'string'].includes(table))
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
