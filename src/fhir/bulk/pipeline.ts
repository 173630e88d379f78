import { Batch } from './batch.ts';
import type { FileProgress } from './file-progress.ts';
import type { InputFile } from './input/find-inputs.ts';
import type { Item } from './parse-item.ts';
import { saveFiles } from './queries.ts';
import { type Reading, readItems } from './read-items.ts';
import { RecentContent } from './recent-content.ts';
import { type SettleDependencies, settleBatch } from './settle-batch.ts';

/** A batch is closed at the end of a document once it has so many items, and inside one at the greater limits. */
const goodLength = 500;
const greatestLength = 2000;
const greatestByteLength = 4 * 1024 * 1024;

/** While the database writes two, a third is made ready here, and the next one is read. */
const mostUnderWay = 3;

interface UnderWay {
  number: number;
  batch: Batch;
  done: Promise<void>;
}

/** Reads files and writes what they bring, in batches of which some are under way at a time. */
export class Pipeline {
  readonly #deps: SettleDependencies;
  readonly #progress: FileProgress;
  readonly #onSettled: () => void;
  readonly #recent = new RecentContent();
  readonly #underWay: UnderWay[] = [];
  #batch = new Batch();
  #document = -1;
  #next = 0;

  constructor(deps: SettleDependencies, progress: FileProgress, onSettled: () => void) {
    this.#deps = deps;
    this.#progress = progress;
    this.#onSettled = onSettled;
  }

  async readFile(file: InputFile, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    const { position, isComplete } = this.#progress.reachOf(file);
    if (isComplete) return;
    this.#document = -1;
    this.#batch.reached.set(file, { position, isComplete: false });
    for await (const readings of readItems(file, position, onBytes, this.#deps.check)) {
      for (const reading of readings) await this.#take(reading);
      signal.throwIfAborted();
    }
    const reached = this.#batch.reached.get(file) ?? this.#progress.reachOf(file);
    this.#batch.reached.set(file, { ...reached, isComplete: true });
  }

  /** Writes what is left, and waits until everything is written. */
  async end(): Promise<void> {
    try {
      await this.#close();
    } finally {
      await Promise.allSettled(this.#underWay.map(({ done }) => done));
    }
    await Promise.all(this.#underWay.map(({ done }) => done));
  }

  async #take(reading: Reading): Promise<void> {
    const { place } = reading;
    const isNewDocument = place.document !== this.#document;
    this.#document = place.document;
    const { items, rejections, byteLength } = this.#batch;
    const { length } = items;
    const isFull = length >= greatestLength || byteLength >= greatestByteLength || rejections.length >= greatestLength;
    if (isFull || (isNewDocument && length >= goodLength)) await this.#close();
    if ('rejection' in reading) this.#batch.reject(reading.rejection);
    else if (this.#recent.isRepeated(reading.item)) {
      this.#batch.tallyOf(place.file).add(reading.item.type, 'unchanged');
    } else {
      if (this.#batch.has(reading.item)) await this.#close();
      this.#batch.add(reading.item);
    }
    this.#batch.reached.set(place.file, { position: place.item + 1, isComplete: false });
  }

  async #close(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    while (this.#underWay.length >= mostUnderWay || this.#underWay.some((other) => sharesNames(other.batch, batch))) {
      await Promise.race(this.#underWay.map(({ done }) => done));
    }
    const number = this.#next++;
    const before = [...this.#underWay];
    const run = settleBatch(this.#deps, batch, {
      earlier: async () => {
        await Promise.all(before.map(({ done }) => done));
      },
      underWay: (key) => findTarget(before, key),
      saveProgress: async (transaction) => {
        const rows = this.#progress.takeUnsaved();
        if (rows.length > 0) await saveFiles(transaction, rows);
      },
      isContinued: this.#progress.isContinued,
    });
    const own: UnderWay = { number, batch, done: run.then(() => this.#finish(own)) };
    own.done.catch(() => {}); // The next batch hears of it, or end().
    this.#underWay.push(own);
  }

  #finish(own: UnderWay): void {
    this.#underWay.splice(this.#underWay.indexOf(own), 1);
    this.#progress.settle(own.number, own.batch);
    this.#onSettled();
  }
}

function sharesNames(left: Batch, right: Batch): boolean {
  for (const name of right.names) if (left.names.has(name)) return true;
  return false;
}

function findTarget(underWay: readonly UnderWay[], key: string): Item | undefined {
  for (const { batch } of underWay) {
    const item = batch.target(key);
    if (item) return item;
  }
  return undefined;
}
