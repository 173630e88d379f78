import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import type { Companion } from './companions.ts';
import { parseLogPosition, segmentName, segmentStart } from './log-position.ts';

/** What is written beside a base backup once it is complete. */
export interface BackupRecord {
  /** Raised when the layout of the folder changes. */
  format: 1;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  start: string;
  end: string;
  timeline: number;
  segmentBytes: number;
  systemIdentifier: string;
  majorVersion: string;
  /** Of the embedded database; undefined when another server was backed up. */
  password?: string | undefined;
  /** Files of the data folder that are kept with it. */
  companions?: Companion[] | undefined;
}

export interface StoredBackup extends BackupRecord {
  name: string;
  folder: string;
}

export const archiveFile = 'base.tar.gz';
export const manifestFile = 'backup_manifest';
export const recordFile = 'backup.json';
const readableFormat = 1;

export const logFolder = (folder: string): string => join(folder, 'log');
const baseFolder = (folder: string): string => join(folder, 'base');

/** Makes the folder of a new base backup, named after its time. */
export function makeBaseFolder(folder: string, startedAt: string): { name: string; path: string } {
  const name = startedAt.replaceAll(/[-:]|\.\d+/g, '');
  const path = join(baseFolder(folder), name);
  try {
    mkdirSync(logFolder(folder), { recursive: true, mode: 0o700 });
    mkdirSync(baseFolder(folder), { recursive: true, mode: 0o700 });
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new Failure('conflict', `A backup named ${name} is there already; start it again.`);
    throw new Failure('no-store', `The backup folder ${folder} cannot be written (${code}). Choose another one.`);
  }
  return { name, path };
}

/** The complete base backups of a folder, the oldest first; unfinished ones count for nothing. */
export function listBackups(folder: string): StoredBackup[] {
  const bases = baseFolder(folder);
  if (!existsSync(bases)) return [];
  return readdirSync(bases)
    .sort()
    .map((name) => ({ name, folder: join(bases, name) }))
    .filter(({ folder: base }) => existsSync(join(base, recordFile)))
    .map((base) => ({ ...readRecord(base.folder), ...base }));
}

function readRecord(folder: string): BackupRecord {
  const record = JSON.parse(readFileSync(join(folder, recordFile), 'utf8')) as BackupRecord;
  if (record.format === readableFormat) return record;
  throw new Failure('not-supported', `${folder} was written by a newer release of Meridian; restore it with that one.`);
}

/** The names of the segments received for a timeline in their order, unfinished ones included. */
export function listSegments(folder: string, timeline: number): string[] {
  const log = logFolder(folder);
  if (!existsSync(log)) return [];
  const prefix = timeline.toString(16).toUpperCase().padStart(8, '0');
  return readdirSync(log)
    .filter((name) => name.startsWith(prefix) && /^[0-9A-F]{24}(\.partial)?$/.test(name))
    .sort();
}

/** Removes all but the newest base backups, and the log that none of those needs; returns how many backups went. */
export function pruneBackups(folder: string, keep: number): number {
  const backups = listBackups(folder);
  const old = backups.slice(0, Math.max(0, backups.length - keep));
  for (const { folder: base } of old) rmSync(base, { recursive: true, force: true });
  const oldest = backups[old.length];
  if (!oldest) return old.length;
  const bytes = BigInt(oldest.segmentBytes);
  const needed = segmentStart(segmentName(oldest.timeline, parseLogPosition(oldest.start), bytes), bytes);
  for (const name of listSegments(folder, oldest.timeline)) {
    if (segmentStart(name, bytes) < needed) rmSync(join(logFolder(folder), name), { force: true });
  }
  return old.length;
}
