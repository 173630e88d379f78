import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Conformance suites of others lie beside the project and are never part of it. */
export const sharedData = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Whether a suite is there; prints why its tests are skipped when it is not. */
export function hasSharedData(path: string): boolean {
  if (existsSync(sharedData + path)) return true;
  process.stderr.write(`Skipped: ../shared/data/${path} is not there.\n`);
  return false;
}

/** Lines of a gzipped NDJSON file. */
export function readLines(path: string): string[] {
  return gunzipSync(readFileSync(sharedData + path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
