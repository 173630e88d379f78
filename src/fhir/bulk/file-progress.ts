import type { Batch, Reach } from './batch.ts';
import type { InputFile } from './input/find-inputs.ts';
import type { FileRow } from './queries.ts';
import { type Counts, Tally } from './tally.ts';
import type { Written } from './write-items.ts';

interface FileState extends Reach {
  tally: Tally;
  isSaved: boolean;
}

const toFileRow = (file: InputFile, { position, isComplete, tally }: Omit<FileState, 'isSaved'>): FileRow => ({
  identity: file.identity,
  path: file.path,
  position,
  isComplete,
  counts: JSON.stringify(tally.counts),
});

/**
 * How far each file is settled, without gaps: batches may end in any order, but only an unbroken row of them counts,
 * since what is counted is skipped when a killed import goes on.
 */
export class FileProgress {
  readonly #states: Map<InputFile, FileState>;
  readonly #done = new Map<number, Batch>();
  #next = 0;
  /** Of all files. */
  readonly total = new Tally();
  /** Of this run and those that it continues. */
  readonly isContinued: boolean;

  constructor(files: readonly InputFile[], rows: readonly FileRow[]) {
    const rowOf = new Map(rows.map((row) => [row.identity, row]));
    this.isContinued = rows.length > 0;
    this.#states = new Map(
      files.map((file) => {
        const { position = 0, isComplete = false, counts = '{}' } = rowOf.get(file.identity) ?? {};
        const tally = new Tally(JSON.parse(counts) as Counts);
        this.total.addAll(tally.counts);
        return [file, { position, isComplete, tally, isSaved: true }];
      }),
    );
  }

  reachOf(file: InputFile): Reach {
    return this.#stateOf(file);
  }

  /** The batch of this number, counted from 0 in the order of the input, has been committed. */
  settle(number: number, batch: Batch): void {
    this.#done.set(number, batch);
    for (let next = this.#done.get(this.#next); next; next = this.#done.get(this.#next)) {
      this.#done.delete(this.#next++);
      this.count(next);
      for (const [file, reach] of next.reached) Object.assign(this.#stateOf(file), reach, { isSaved: false });
    }
  }

  /** Adds what became of a batch's items. */
  count({ tallies }: Batch): void {
    for (const [file, { counts }] of tallies) {
      const state = this.#stateOf(file);
      state.tally.addAll(counts);
      this.total.addAll(counts);
      state.isSaved = false;
    }
  }

  /** Rows of the files that have moved on since the last time. */
  takeUnsaved(): FileRow[] {
    const rows: FileRow[] = [];
    for (const [file, state] of this.#states) {
      if (state.isSaved) continue;
      state.isSaved = true;
      rows.push(toFileRow(file, state));
    }
    return rows;
  }

  /** Rows of the files of a batch, as they are once its items have met these fates. */
  rowsAfter({ tallies }: Batch, written: readonly Written[]): FileRow[] {
    const after = new Map<InputFile, Tally>();
    const tallyAfter = (file: InputFile) => {
      const tally = after.get(file) ?? new Tally(structuredClone(this.#stateOf(file).tally.counts));
      after.set(file, tally);
      return tally;
    };
    for (const [file, { counts }] of tallies) tallyAfter(file).addAll(counts);
    for (const { item, fate } of written) tallyAfter(item.place.file).add(item.type, fate);
    return [...after].map(([file, tally]) => toFileRow(file, { ...this.#stateOf(file), tally }));
  }

  #stateOf(file: InputFile): FileState {
    const state = this.#states.get(file);
    if (!state) throw new Error(`${file.path} is not part of this import`);
    return state;
  }
}
