import { currentPosition, type HeldReader, holdReader, readChanges } from '#fhir/changes/index.ts';
import { typeOfRid } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { type CarryDependencies, carryAll, carryWritten, mendPatients } from './merge/carry.ts';
import { insertPending } from './review/queries.ts';

export interface FollowDependencies extends CarryDependencies {
  readonly pool: Pool;
}

const readerName = 'patient-index';
const changesAtOnce = 1000;

/**
 * Follows the log of changes: carries what was written to superseded Patients, and notes Patients whose data changed for the
 * review list. Of several processes one does it at a time. Returns whether to
 * look again at once: what this writes is a change, too.
 */
export function follow(deps: FollowDependencies): Promise<boolean> {
  return inTransaction(deps.pool, async (transaction) => {
    const reader = await holdReader(transaction, readerName);
    if (!reader) return false;
    const changes = await readOn(deps, transaction, reader);
    if (!changes) return false;
    const rids = new Set(changes.rows.flatMap((row) => row.rids));
    if (rids.size > 0) await takeIn(deps, transaction, [...rids]);
    await reader.move(changes.position);
    return rids.size > 0 || changes.isMore;
  });
}

async function readOn(deps: FollowDependencies, transaction: Transaction, reader: HeldReader) {
  const { position } = reader;
  try {
    if (position) return await readChanges(transaction, position, changesAtOnce);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'deleted')) throw error;
  }
  // At the first reading, and where the log was trimmed while nobody followed it.
  await reader.move(await currentPosition(transaction));
  await carryAll(deps, transaction);
  return undefined;
}

async function takeIn(deps: FollowDependencies, transaction: Transaction, rids: readonly number[]): Promise<void> {
  const patients = rids.filter((rid) => typeOfRid(rid) === 'Patient');
  if (patients.length > 0) {
    await insertPending(transaction, patients);
    await mendPatients(deps, transaction, patients);
  }
  await carryWritten(deps, transaction, rids);
}
