import { selectCurrent } from '#fhir/store/contents/index.ts';
import { ridRange } from '#fhir/store/index.ts';
import { lockIndexed, selectIndexed } from '#fhir/store/index-again/index.ts';
import type { RunningJob, Task } from '#lib/jobs/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { indexPerson } from './derive.ts';
import { type IndexedPerson, upsertCoverage, writePersons } from './queries.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'patient-index.index-persons': {
      payload: { rules: number };
      progress: { after: number; persons: number };
      result: { persons: number };
    };
  }
}

const pageLength = 500;
const pageBytes = 4 * 1024 * 1024;

/** Indexes all Patients that are stored, while they are read and written. */
export function indexPersonsTask({ pool }: { pool: Pool }): Task<'patient-index.index-persons'> {
  return {
    name: 'patient-index.index-persons',
    meaning: 'Indexes all Patients by what persons are matched by.',
    attempts: 20,
    run: (job) => indexAll(pool, job),
  };
}

async function indexAll(pool: Pool, job: RunningJob<'patient-index.index-persons'>): Promise<{ persons: number }> {
  const { first, last } = ridRange('Patient');
  let progress = job.progress ?? { after: first - 1, persons: 0 };
  for (;;) {
    job.signal.throwIfAborted();
    const page = await selectIndexed(pool, { after: progress.after, last, count: pageLength, byteLength: pageBytes });
    const reached = page.at(-1)?.rid;
    if (reached === undefined) break;
    const next = { after: reached, persons: progress.persons + page.length };
    await inTransaction(pool, async (transaction) => {
      await indexPage(
        transaction,
        page.map(({ rid }) => rid),
      );
      await job.save(next, transaction);
    });
    progress = next;
  }
  await upsertCoverage(pool, job.payload.rules);
  return { persons: progress.persons };
}

/** Locked, so that whoever writes one of them meanwhile has the last word. */
async function indexPage(transaction: Transaction, rids: readonly number[]): Promise<void> {
  await lockIndexed(transaction, rids, { skipLocked: false });
  const persons: IndexedPerson[] = [];
  const found = new Set<number>();
  for (const { rid, id, content } of await selectCurrent(transaction, rids)) {
    const person = indexPerson(rid, id, parseJson(content ?? '{}') as JsonObject);
    if (!person) continue;
    persons.push(person);
    found.add(rid);
  }
  await writePersons(
    transaction,
    persons,
    rids.filter((rid) => !found.has(rid)),
  );
}
