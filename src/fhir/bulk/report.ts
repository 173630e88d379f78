import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Pool } from '#lib/postgres/pool.ts';
import type { InputFile } from './input/find-inputs.ts';
import { selectRejections } from './queries.ts';

const pageLength = 1000;

/**
 * Writes what was not stored to a file, one JSON object a line: file, line, entry, outcome, type, id, reason. Returns how
 * many lines there are; without any, no file is made.
 */
export async function writeReport(pool: Pool, files: readonly InputFile[], path: string): Promise<number> {
  let stream: ReturnType<typeof createWriteStream> | undefined;
  let lines = 0;
  for (const file of files) {
    let after = -1;
    for (;;) {
      const rows = await selectRejections(pool, file.identity, after, pageLength);
      const last = rows.at(-1);
      if (!last) break;
      after = last.item;
      stream ??= createWriteStream(path);
      for (const { line, entry, outcome, type, id, reason } of rows) {
        const text = JSON.stringify({ file: file.path, line, entry, outcome, type, id, reason });
        if (!stream.write(`${text}\n`)) await once(stream, 'drain');
        lines++;
      }
    }
  }
  if (stream) {
    stream.end();
    await finished(stream);
  }
  return lines;
}
