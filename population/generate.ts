import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { generateRegion, type RegionOptions } from './region.ts';

const usage = 'node population/generate.ts --seed 1 --residents 1000 [--now 2026-11-25]';
const chunkLength = 256 * 1024;

/** Writes the region as NDJSON, waiting whenever the reader is slower. */
async function write(options: RegionOptions): Promise<void> {
  let chunk = '';
  for (const resource of generateRegion(options)) {
    chunk += `${JSON.stringify(resource)}\n`;
    if (chunk.length < chunkLength) continue;
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
    chunk = '';
  }
  process.stdout.write(chunk);
}

function readOptions(): RegionOptions {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      residents: { type: 'string' },
      now: { type: 'string', default: '2026-11-25' },
    },
  });
  const seed = Number(values.seed ?? 1);
  const residents = Number(values.residents ?? 1000);
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(residents) || residents < 1) throw new RangeError(usage);
  return { seed, residents, now: values.now };
}

process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code === 'EPIPE') process.exit(0); // the reader has seen enough
  throw failure;
});
await write(readOptions());
