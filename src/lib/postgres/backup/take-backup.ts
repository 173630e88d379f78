import { closeSync, createWriteStream, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Failure } from '#lib/failure.ts';
import {
  archiveFile,
  type BackupRecord,
  makeBaseFolder,
  manifestFile,
  recordFile,
  type StoredBackup,
} from './backup-folder.ts';
import { receiveBaseBackup } from './base-backup.ts';
import { keepCompanions } from './companions.ts';
import { identifySystem } from './queries.ts';
import { openReplication } from './replication.ts';

export interface BackupOptions {
  connectionString: string;
  folder: string;
  majorVersion: string;
  /** Kept with the backup, so that a restored embedded database can be entered. */
  password?: string | undefined;
  /** Files and folders below a data folder that a restored database needs. */
  beside?: { dataFolder: string; names: readonly string[] } | undefined;
  onProgress?(progress: { bytes: number; total: number }): void;
}

/** A base backup of a running database: consistent in itself, and the start for a recovery to any later moment. */
export async function takeBackup(options: BackupOptions): Promise<StoredBackup> {
  const startedAt = new Date().toISOString();
  const { name, path } = makeBaseFolder(options.folder, startedAt);
  try {
    // Before the database, so that it is never behind what they say of it.
    const companions = options.beside && keepCompanions(options.beside.dataFolder, options.beside.names, path);
    const record = { ...(await receive(options, path, startedAt)), companions };
    // The record comes last: a backup without one is unfinished.
    writeFileSync(join(path, recordFile), `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flush: true });
    return { ...record, name, folder: path };
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

async function receive(options: BackupOptions, path: string, startedAt: string): Promise<BackupRecord> {
  const { connectionString, majorVersion, password, onProgress = () => {} } = options;
  const client = await openReplication(connectionString);
  const manifest = createWriteStream(join(path, manifestFile), { mode: 0o600 });
  const archive = createGzip({ level: 1 });
  const file = createWriteStream(join(path, archiveFile), { mode: 0o600 });
  archive.pipe(file);
  try {
    const source = await identifySystem(client);
    const base = await receiveBaseBackup(client, 'meridian', { archive, manifest, onProgress });
    archive.end();
    manifest.end();
    await Promise.all([finished(file), finished(manifest)]);
    for (const name of [archiveFile, manifestFile]) toDisk(join(path, name));
    return { format: 1, startedAt, finishedAt: new Date().toISOString(), ...base, ...source, majorVersion, password };
  } catch (error) {
    throw refusal(error);
  } finally {
    archive.destroy();
    file.destroy();
    manifest.destroy();
    await client.end().catch(() => {});
  }
}

function refusal(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === '42501') {
    return new Failure('forbidden', `The database role may not copy the database: ${message}. Give it REPLICATION.`);
  }
  if (code === 'ENOSPC')
    return new Failure('no-store', 'The disk of the backup folder is full. Free space and repeat.');
  return error;
}

function toDisk(path: string): void {
  const descriptor = openSync(path, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
