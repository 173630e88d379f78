import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';

/** A file of the data folder without which a restored database is of no use, such as a key. */
export interface Companion {
  /** Below the data folder: `keys/vault.key`. */
  name: string;
  sha256: string;
}

const companionFolder = 'beside';
const mostBytes = 1_000_000;

const digestOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Copies files, and the files in folders, of a data folder into that of a backup; what is not there is left out. */
export function keepCompanions(dataFolder: string, names: readonly string[], base: string): Companion[] {
  return names.flatMap((name) => filesBelow(dataFolder, name)).map((name) => keep(dataFolder, name, base));
}

function filesBelow(dataFolder: string, name: string): string[] {
  const path = join(dataFolder, name);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [name];
  return readdirSync(path).flatMap((entry) => filesBelow(dataFolder, `${name}/${entry}`));
}

function keep(dataFolder: string, name: string, base: string): Companion {
  const source = join(dataFolder, name);
  if (statSync(source).size > mostBytes) {
    throw new Failure('too-costly', `${source} is no key: it has more than a megabyte. Move it away, and repeat.`);
  }
  const content = readFileSync(source);
  writeNew(join(base, companionFolder, name), content);
  return { name, sha256: digestOf(content) };
}

/** Fails before anything is restored when a file is damaged, or another one stands where it belongs. */
export function checkCompanions(companions: readonly Companion[], base: string, dataFolder: string): void {
  for (const companion of companions) {
    const { name, sha256 } = companion;
    readKept(companion, base);
    const target = join(dataFolder, name);
    if (!existsSync(target) || digestOf(readFileSync(target)) === sha256) continue;
    throw new Failure('conflict', `${target} is another one than that of the backup. Move it away, and repeat.`);
  }
}

/** Puts them back where they were. */
export function bringBackCompanions(companions: readonly Companion[], base: string, dataFolder: string): void {
  for (const companion of companions) {
    const target = join(dataFolder, companion.name);
    if (!existsSync(target)) writeNew(target, readKept(companion, base));
  }
}

function readKept({ name, sha256 }: Companion, base: string): Buffer {
  const file = join(base, companionFolder, name);
  const content = existsSync(file) ? readFileSync(file) : undefined;
  if (content && digestOf(content) === sha256) return content;
  throw new Failure('invalid', `The backup is damaged: ${file} is not what was kept. Restore an earlier one.`);
}

function writeNew(file: string, content: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600, flag: 'wx', flush: true });
}
