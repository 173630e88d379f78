import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { Failure } from '#lib/failure.ts';
import { archiveFile, listSegments, logFolder, manifestFile, type StoredBackup } from './backup-folder.ts';
import { parseLogPosition, segmentStart } from './log-position.ts';
import { verifyFiles } from './verify-files.ts';

/** Unpacks a base backup into an empty folder with the log received since, so that PostgreSQL recovers when it starts. */
export async function unpackBackup(folder: string, backup: StoredBackup, cluster: string): Promise<void> {
  try {
    await extract({ file: join(backup.folder, archiveFile), cwd: cluster, strict: true, preserveOwner: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new Error('No space left on device');
    throw new Failure('invalid', `The backup ${backup.name} cannot be unpacked: ${(error as Error).message}.`);
  }
  await verifyFiles(join(backup.folder, manifestFile), cluster);
  addLog(folder, backup, join(cluster, 'pg_wal'));
  writeFileSync(join(cluster, 'recovery.signal'), '', { mode: 0o600 });
}

function addLog(folder: string, backup: StoredBackup, target: string): void {
  const bytes = BigInt(backup.segmentBytes);
  const first = startOf(backup, bytes);
  for (const name of listSegments(folder, backup.timeline)) {
    if (segmentStart(name, bytes) < first) continue;
    const source = join(logFolder(folder), name);
    const complete = name.replace('.partial', '');
    const copy = join(target, complete);
    if (name !== complete && existsSync(copy) && !isNewer(source, backup)) continue;
    copyFileSync(source, copy);
  }
}

/** An unfinished segment counts only when something was received into it after the base backup had ended. */
const isNewer = (file: string, { finishedAt }: StoredBackup): boolean =>
  statSync(file).mtimeMs > Date.parse(finishedAt);

function startOf({ start }: StoredBackup, segmentBytes: bigint): bigint {
  const position = parseLogPosition(start);
  return position - (position % segmentBytes);
}
