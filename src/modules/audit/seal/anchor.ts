import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import type { Head } from './block.ts';

/**
 * What the trail's end was when it was last sealed here, in a file outside the database: whoever cuts the end of the trail
 * off does not reach it. A copy of the file that is kept elsewhere serves as well.
 */
export interface Anchor {
  readonly heads: readonly Head[];
  readonly root?: { readonly number: number; readonly hash: string } | undefined;
  /** ISO 8601. */
  readonly at: string;
}

export async function writeAnchor(file: string, anchor: Anchor): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(anchor, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}

export function readAnchor(file: string): Anchor | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const anchor = JSON.parse(readFileSync(file, 'utf8')) as Anchor;
    if (!anchor.heads.every(({ month, number, hash }) => month > 0 && number > 0 && hash.length === 64))
      throw new Error('heads');
    return anchor;
  } catch {
    throw new Failure(
      'value',
      `${file} is no anchor of the trail: name a file that a server wrote as audit/anchor.json.`,
    );
  }
}

/** Sets an anchor that the database does not bear out aside, as evidence; verifications go on to use it. */
export function setAnchorAside(file: string, at: Date): string {
  const name = file.replace(/\.json$/, `-${at.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  renameSync(file, name);
  return name;
}

/** The anchor, and those that were set aside. */
export function findAnchors(file: string): string[] {
  if (!existsSync(dirname(file))) return [];
  const start = basename(file).replace(/\.json$/, '');
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(start) && name.endsWith('.json'));
  return names.sort().map((name) => join(dirname(file), name));
}
