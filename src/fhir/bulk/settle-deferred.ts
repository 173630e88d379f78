import { Failure } from '#lib/failure.ts';
import { Batch, sortOut } from './batch.ts';
import type { FileProgress } from './file-progress.ts';
import type { Answers } from './find-references.ts';
import type { InputFile } from './input/find-inputs.ts';
import type { ResourceCheck } from './parse-item.ts';
import { type DeferredRow, deleteDeferred, saveFiles, saveRejections, selectDeferred } from './queries.ts';
import { read } from './read-items.ts';
import { rejectionOf, rejectionsOf, toRejectionRow } from './rows.ts';
import { note, type SettleDependencies, saveTargets } from './settle-batch.ts';
import { writeItems } from './write-items.ts';

const pageLength = 500;

/** A walk through everything that is deferred. */
interface Pass {
  /** References to what is itself deferred count as resolved. */
  withDeferred: boolean;
  /** Write what is resolved, or reject what is not. */
  act: 'write' | 'reject';
}

/**
 * After all files are read, writes the entries that were put by. First those whose targets have come since, until there
 * are no more; then those are rejected that point to nothing, and, one after the other, those that point to these;
 * what is left points to each other only, and is written.
 */
export async function settleDeferred(
  deps: SettleDependencies,
  files: readonly InputFile[],
  progress: FileProgress,
  onSettled: () => void,
): Promise<void> {
  const repeat = async (pass: Pass) => {
    while ((await walk(deps, files, pass, progress, onSettled)) > 0);
  };
  await repeat({ act: 'write', withDeferred: false });
  await repeat({ act: 'reject', withDeferred: true });
  await repeat({ act: 'write', withDeferred: true });
}

/** Returns how many entries it settled. */
async function walk(
  deps: SettleDependencies,
  files: readonly InputFile[],
  pass: Pass,
  progress: FileProgress,
  onSettled: () => void,
): Promise<number> {
  let settled = 0;
  for (const file of files) {
    let after = -1;
    for (;;) {
      const rows = await selectDeferred(deps.pool, file.identity, after, pageLength);
      const last = rows.at(-1);
      if (!last) break;
      after = last.item;
      for (const batch of batchesOf(file, rows, deps.check)) {
        settled += await settlePage(deps, batch, pass, progress);
        progress.count(batch);
        onSettled();
      }
    }
  }
  return settled;
}

/** Rows of one name go into different batches: they are versions of each other. */
function batchesOf(file: InputFile, rows: readonly DeferredRow[], check: ResourceCheck): Batch[] {
  const batches: Batch[] = [];
  let batch = new Batch();
  for (const { item, document, line, entry, content } of rows) {
    const place = { file, item, document, line, entry: entry ?? undefined };
    const reading = read(place, Buffer.from(content), acceptedBefore(check));
    if ('rejection' in reading) throw new Error(`Item ${item} of ${file.path} was readable before`);
    if (batch.has(reading.item)) {
      batches.push(batch);
      batch = new Batch();
    }
    batch.add(reading.item);
  }
  return [...batches, batch];
}

/** What was let in when it was read is let in now, even where the rules have changed since. */
const acceptedBefore =
  (check: ResourceCheck): ResourceCheck =>
  (resource) => {
    try {
      check(resource);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  };

async function settlePage(
  deps: SettleDependencies,
  batch: Batch,
  { act, withDeferred }: Pass,
  progress: FileProgress,
): Promise<number> {
  const answers: Answers = new Map();
  await deps.finder.find(batch.missingKeys(answers), answers, withDeferred);
  const { ready, waiting, hopeless } = sortOut(batch, batch.items, answers);
  for (const { item, reason } of hopeless) batch.reject(rejectionOf(item, reason));
  if (act === 'reject') {
    for (const { item, target } of waiting) {
      batch.reject(
        rejectionOf(item, `${target.reference} is referred to, and neither the input nor the store has it.`),
      );
    }
  }
  const settling = act === 'write' ? ready : [];
  if (settling.length === 0 && batch.rejections.length === 0) return 0;
  const gone = [...settling.map(({ place }) => place), ...batch.rejections.map(({ place }) => place)];
  const written = await writeItems(deps, settling, answers, async (transaction, done) => {
    await saveTargets(transaction, done);
    const rejections = [...batch.rejections, ...rejectionsOf(done)];
    if (rejections.length > 0) await saveRejections(transaction, rejections.map(toRejectionRow));
    await deleteDeferred(
      transaction,
      gone.map(({ file }) => file.identity),
      gone.map(({ item }) => item),
    );
    await saveFiles(transaction, progress.rowsAfter(batch, done));
  });
  note(deps, batch, written);
  return gone.length;
}
