import { listSegments, logFolder, type StoredBackup } from './backup-folder.ts';
import { parseLogPosition, segmentStart } from './log-position.ts';
import { receiveLog } from './log-receiver.ts';
import { createSlot, dropSlot, identifySystem, readSlot } from './queries.ts';
import { openReplication } from './replication.ts';

export interface FollowOptions {
  connectionString: string;
  folder: string;
  backup: StoredBackup;
  signal: AbortSignal;
  onFlushed(position: bigint): void;
}

/** The server keeps what the follower has not received yet under this name. */
export const backupSlot = 'meridian_backup';

/** Makes the server keep its log from now on; to be called before the base backup is taken. */
export async function reserveLog(connectionString: string): Promise<void> {
  const client = await openReplication(connectionString);
  try {
    if ((await readSlot(client, backupSlot)) !== undefined) return;
    await dropSlot(client, backupSlot);
    await createSlot(client, backupSlot);
  } finally {
    await client.end();
  }
}

/** Whether the log continues a base backup without a gap: same database, same timeline, nothing thrown away since. */
export async function canFollow(connectionString: string, folder: string, backup: StoredBackup): Promise<boolean> {
  const client = await openReplication(connectionString);
  try {
    const { systemIdentifier, timeline } = await identifySystem(client);
    if (systemIdentifier !== backup.systemIdentifier || timeline !== backup.timeline) return false;
    const kept = await readSlot(client, backupSlot);
    return kept !== undefined && firstMissing(folder, backup) >= startOfSegment(kept, backup);
  } finally {
    await client.end();
  }
}

/** Receives the log behind a base backup until the signal is aborted or the connection is lost. */
export async function followLog({ connectionString, folder, backup, signal, onFlushed }: FollowOptions): Promise<void> {
  const client = await openReplication(connectionString);
  try {
    await receiveLog(client, {
      folder: logFolder(folder),
      slot: backupSlot,
      timeline: backup.timeline,
      segmentBytes: BigInt(backup.segmentBytes),
      from: firstMissing(folder, backup),
      signal,
      onFlushed,
    });
  } finally {
    await client.end().catch(() => {});
  }
}

function startOfSegment(position: string, { segmentBytes }: StoredBackup): bigint {
  const parsed = parseLogPosition(position);
  return parsed - (parsed % BigInt(segmentBytes));
}

/** Where the first segment begins that is not complete yet, counted from the base backup on. */
function firstMissing(folder: string, backup: StoredBackup): bigint {
  const bytes = BigInt(backup.segmentBytes);
  const complete = new Set(
    listSegments(folder, backup.timeline)
      .filter((name) => !name.endsWith('.partial'))
      .map((name) => segmentStart(name, bytes)),
  );
  let position = startOfSegment(backup.start, backup);
  while (complete.has(position)) position += bytes;
  return position;
}
