import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ObjectStorage } from '#lib/object-storage/index.ts';

export interface ErrorFile {
  count: number;
  byteLength: number;
}

interface Reported {
  file: string;
  line: number;
  entry: number | null;
  outcome: string;
  type: string | null;
  id: string | null;
  reason: string;
}

const pieceLength = 8 * 1024 * 1024;

/** Turns the report of an import into a file of OperationOutcomes; undefined when there is nothing to tell. */
export async function writeErrors(
  storage: ObjectStorage,
  report: string,
  name: string,
  addresses: ReadonlyMap<string, string>,
): Promise<ErrorFile | undefined> {
  if (!existsSync(report)) return undefined;
  let file = await storage.begin(name);
  let piece: string[] = [];
  let length = 0;
  let count = 0;
  const flush = async () => {
    file = await storage.append(file, Buffer.from(piece.join('')));
    piece = [];
    length = 0;
  };
  for await (const line of createInterface({ input: createReadStream(report) })) {
    const text = `${printOutcome(JSON.parse(line) as Reported, addresses)}\n`;
    piece.push(text);
    length += text.length;
    count += 1;
    if (length >= pieceLength) await flush();
  }
  await flush();
  await storage.finish(file);
  return { count, byteLength: file.byteLength };
}

function printOutcome(
  { file, line, entry, outcome, type, id, reason }: Reported,
  addresses: ReadonlyMap<string, string>,
): string {
  const place = `${addresses.get(file) ?? file}, line ${line}${entry === null ? '' : `, entry ${entry}`}`;
  const what = type === null ? '' : ` (${id === null ? type : `${type}/${id}`})`;
  const severity = outcome === 'ignored' ? 'information' : 'error';
  const issue = { severity, code: 'processing', diagnostics: `${place}${what}: ${reason}` };
  return JSON.stringify({ resourceType: 'OperationOutcome', issue: [issue] });
}
