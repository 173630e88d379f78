import { createHash } from 'node:crypto';
import { closeSync, globSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '#lib/failure.ts';

/** A file to import. */
export interface InputFile {
  path: string;
  /** As stored, compressed or not. */
  byteLength: number;
  /** Hash of path, size, time of change and first bytes: the same as long as the file is. */
  identity: string;
  isGzip: boolean;
  /** One document a line. */
  isLines: boolean;
}

const headLength = 65_536;
const pattern = /\.(json|ndjson|jsonl)(\.gz)?$/i;
const naturalOrder = new Intl.Collator('en', { numeric: true });

/** The files at these paths and in the folders below them, in the order given, those of a folder in natural order. */
export function findInputs(paths: readonly string[]): InputFile[] {
  const found = new Map<string, InputFile>();
  for (const path of paths.flatMap(expand)) if (!found.has(path)) found.set(path, describe(path));
  if (found.size === 0) {
    throw new Failure('not-found', `Nothing to import in ${paths.join(', ')}: no .json, .ndjson or .gz of these.`);
  }
  return [...found.values()];
}

function expand(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new Failure('not-found', `There is no file or folder ${path}.`);
  if (stats.isDirectory()) {
    return globSync('**/*', { cwd: path })
      .filter((name) => pattern.test(name))
      .sort(naturalOrder.compare)
      .map((name) => join(path, name))
      .filter((file) => statSync(file).isFile());
  }
  if (!pattern.test(path)) {
    throw new Failure('not-supported', `${path} must be named .json, .ndjson or .jsonl, with .gz after it or not.`);
  }
  return [path];
}

function describe(path: string): InputFile {
  const { size, mtimeMs } = statSync(path);
  const head = readHead(path);
  const identity = createHash('sha256')
    .update(`${resolve(path)}\n${size} ${mtimeMs}\n`)
    .update(head)
    .digest('hex')
    .slice(0, 32);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return { path, byteLength: size, identity, isGzip, isLines: !/\.json(\.gz)?$/i.test(path) };
}

function readHead(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(headLength);
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new Failure('not-found', `${path} cannot be read: ${(error as Error).message}.`);
  }
}
