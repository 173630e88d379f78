import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { segmentName } from './log-position.ts';
import { runReplication, type Wire } from './replication.ts';

export interface LogReceiverOptions {
  folder: string;
  slot: string;
  timeline: number;
  segmentBytes: bigint;
  /** The start of a segment. */
  from: bigint;
  signal: AbortSignal;
  /** Called with the position up to which everything is on disk. */
  onFlushed(position: bigint): void;
}

const flushEveryMs = 1000;
/** PostgreSQL counts microseconds from 2000. */
const epoch2000Ms = Date.UTC(2000, 0, 1);

/**
 * Receives the log of changes as it is written, into files of the names that a recovery looks for; the one that is not
 * full yet ends in `.partial`. Returns when the signal is aborted or the server has ended the stream.
 */
export async function receiveLog(client: pg.Client, options: LogReceiverOptions): Promise<void> {
  const { slot, from, timeline, signal } = options;
  const writer = new SegmentWriter(options);
  let wire: Wire | undefined;
  const report = () => {
    if (!wire) return;
    writer.flush();
    wire.sendCopyFromChunk(statusUpdate(writer.position));
    options.onFlushed(writer.position);
  };
  const timer = setInterval(report, flushEveryMs);
  const onAbort = () => {
    report();
    wire?.endCopyFrom();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const position = `${(from >> 32n).toString(16)}/${(from & 0xffffffffn).toString(16)}`;
    await runReplication(
      client,
      `START_REPLICATION SLOT ${slot} PHYSICAL ${position} TIMELINE ${timeline}`,
      (chunk, on) => {
        wire = on;
        if (chunk[0] === letter.log) writer.write(chunk.readBigInt64BE(1), chunk.subarray(25));
        else if (chunk[0] === letter.keepalive && chunk[17] === 1) report();
      },
    );
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', onAbort);
    writer.close();
  }
}

const letter = { log: 'w'.charCodeAt(0), keepalive: 'k'.charCodeAt(0), status: 'r'.charCodeAt(0) };

/** Written, flushed and applied position, the time, and that no answer is wanted. */
function statusUpdate(position: bigint): Buffer {
  const message = Buffer.alloc(34);
  message[0] = letter.status;
  message.writeBigInt64BE(position, 1);
  message.writeBigInt64BE(position, 9);
  message.writeBigInt64BE(0n, 17);
  message.writeBigInt64BE(BigInt(Date.now() - epoch2000Ms) * 1000n, 25);
  return message;
}

/** Writes at the place that each piece of the log belongs to, one segment after the other. */
class SegmentWriter {
  position: bigint;
  readonly #options: LogReceiverOptions;
  #file: { descriptor: number; path: string; start: bigint } | undefined;

  constructor(options: LogReceiverOptions) {
    this.#options = options;
    this.position = options.from;
  }

  write(position: bigint, data: Buffer): void {
    const { segmentBytes } = this.#options;
    let at = position;
    let rest = data;
    while (rest.length > 0) {
      const file = this.#fileOf(at);
      const offset = at - file.start;
      const room = Number(segmentBytes - offset);
      const piece = rest.subarray(0, room);
      writeWhole(file.descriptor, piece, Number(offset));
      at += BigInt(piece.length);
      rest = rest.subarray(piece.length);
      this.position = at;
      if (at - file.start === segmentBytes) this.#complete();
    }
  }

  flush(): void {
    if (this.#file) fsyncSync(this.#file.descriptor);
  }

  close(): void {
    if (!this.#file) return;
    fsyncSync(this.#file.descriptor);
    closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #fileOf(position: bigint) {
    if (this.#file) return this.#file;
    const { folder, timeline, segmentBytes } = this.#options;
    const start = position - (position % segmentBytes);
    const path = join(folder, segmentName(timeline, position, segmentBytes));
    const descriptor = openSegment(`${path}.partial`, Number(segmentBytes));
    this.#file = { descriptor, path, start };
    return this.#file;
  }

  #complete(): void {
    const { path } = this.#file ?? { path: '' };
    this.close();
    renameSync(`${path}.partial`, path);
  }
}

/** A segment has its full size from the start, zeros behind what was received: recovery stops there. */
function openSegment(path: string, bytes: number): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  // What an earlier run received is written over, never cut off: the server may be gone for good.
  if (size === bytes) return openSync(path, 'r+');
  const descriptor = openSync(path, 'w', 0o600);
  writeWhole(descriptor, Buffer.alloc(bytes), 0);
  return descriptor;
}

function writeWhole(descriptor: number, data: Buffer, offset: number): void {
  let written = 0;
  while (written < data.length) {
    written += writeSync(descriptor, data, written, data.length - written, offset + written);
  }
}
