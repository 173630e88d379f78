import { setTimeout as sleep } from 'node:timers/promises';
import { bearer } from '../authorization.ts';
import { type Measured, type Memory, measure, watchMemory } from '../measure.ts';
import type { Bench } from '../scenario.ts';

export interface ExportResult extends Measured {
  /** Of the server, which writes the files. */
  memory: Memory;
  files: number;
}

interface Manifest {
  output: { count?: number }[];
  error: unknown[];
}

const pollEveryMs = 200;

/** Everything by `$export` into files, until the manifest is there. */
export async function runExport({ server, log }: Bench): Promise<ExportResult> {
  const memory = watchMemory(server.processId);
  let manifest: Manifest = { output: [], error: [] };
  const measured = await measure(
    { unit: 'resource', server: server.processId, postmaster: server.postmaster },
    async () => {
      manifest = await exportAll(server.address);
      return manifest.output.reduce((sum, { count = 0 }) => sum + count, 0);
    },
  );
  if (manifest.error.length > 0) throw new Error('The export reports errors');
  log(`export: ${measured.units} resources in ${manifest.output.length} files`);
  return { ...measured, memory: memory.stop(), files: manifest.output.length };
}

async function exportAll(address: string): Promise<Manifest> {
  const started = await fetch(`${address}/fhir/$export`, { headers: { ...bearer(), prefer: 'respond-async' } });
  const status = started.headers.get('content-location');
  if (started.status !== 202 || status === null)
    throw new Error(`$export answers ${started.status}: ${await started.text()}`);
  for (;;) {
    const answer = await fetch(status, { headers: bearer() });
    if (answer.status === 200) return (await answer.json()) as Manifest;
    if (answer.status !== 202) throw new Error(`The export has failed: ${await answer.text()}`);
    await answer.body?.cancel();
    await sleep(pollEveryMs);
  }
}
