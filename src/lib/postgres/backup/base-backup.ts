import type { Writable } from 'node:stream';
import type pg from 'pg';
import { Failure } from '#lib/failure.ts';
import { runReplication, type Wire } from './replication.ts';

export interface BaseBackup {
  /** Where the log of changes stood at the start and at the end: `0/3000028`. */
  start: string;
  end: string;
  timeline: number;
}

export interface BaseBackupTarget {
  /** A tar file of the data folder, the log that makes it consistent included. */
  archive: Writable;
  /** The names, sizes and checksums of all files, as JSON. */
  manifest: Writable;
  onProgress(progress: { bytes: number; total: number }): void;
}

/**
 * Copies a running cluster through a replication connection, without holding up its writers. The streams are not ended.
 * https://www.postgresql.org/docs/18/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP
 */
export async function receiveBaseBackup(
  client: pg.Client,
  label: string,
  target: BaseBackupTarget,
): Promise<BaseBackup> {
  const options = `LABEL '${label}', PROGRESS true, CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256'`;
  const router = new MessageRouter(target);
  const rows = await runReplication(client, `BASE_BACKUP (${options})`, (chunk, wire, [, tablespace]) =>
    router.take(chunk, wire, Number(tablespace?.[2] ?? 0) * 1024),
  );
  if (router.archives !== 1) {
    throw new Failure(
      'not-supported',
      'The database keeps data in further tablespaces; back it up with pg_basebackup.',
    );
  }
  const [start, , end] = rows.length > 2 ? [rows[0], rows[1], rows.at(-1)] : [];
  if (!start?.[0] || !end?.[0]) throw new Error('BASE_BACKUP did not say where it started and ended');
  return { start: start[0], end: end[0], timeline: Number(start[1]) };
}

const byte = (letter: string) => letter.charCodeAt(0);

/** Each message begins with a letter: a new archive, the manifest, data of what was begun last, progress. */
class MessageRouter {
  archives = 0;
  readonly #target: BaseBackupTarget;
  #current: Writable | undefined;
  #isWaiting = false;

  constructor(target: BaseBackupTarget) {
    this.#target = target;
  }

  take(chunk: Buffer, wire: Wire, total: number): void {
    switch (chunk[0]) {
      case byte('n'):
        this.archives += 1;
        // Only the first archive is kept; a second one is refused at the end.
        this.#current = this.archives === 1 ? this.#target.archive : undefined;
        return;
      case byte('m'):
        this.#current = this.#target.manifest;
        return;
      case byte('p'):
        this.#target.onProgress({ bytes: Number(chunk.readBigInt64BE(1)), total });
        return;
      case byte('d'):
        this.#write(chunk.subarray(1), wire);
    }
  }

  #write(data: Buffer, { stream }: Wire): void {
    const target = this.#current;
    // The driver uses its buffer again for the next message.
    if (!target || target.write(Buffer.from(data)) || this.#isWaiting) return;
    this.#isWaiting = true;
    stream.pause();
    const goOn = () => {
      this.#isWaiting = false;
      target.off('drain', goOn).off('error', goOn);
      stream.resume();
    };
    target.on('drain', goOn).on('error', goOn);
  }
}
