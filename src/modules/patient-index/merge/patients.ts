import { lockRows, method, type StoredRow } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';

export interface LockedPatient {
  readonly rid: number;
  readonly id: string;
  readonly version: number;
  readonly resource: JsonObject;
}

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** Both Patients, which nobody else merges or writes until the transaction ends. Fails where one is not there. */
export async function lockPatients(transaction: Transaction, ids: readonly [string, string]) {
  const [first, second] = ids;
  if (first === second) throw new Failure('invalid', 'Source and target are the same Patient: name two.');
  for (const id of ids) {
    if (!idPattern.test(id)) throw new Failure('value', 'Name Patients by their ids, such as Patient/123.');
  }
  const rows = await lockRows(
    transaction,
    ids.map((id) => ({ type: 'Patient', id })),
  );
  return { source: toPatient(rows, first), target: toPatient(rows, second) };
}

function toPatient(rows: readonly StoredRow[], id: string): LockedPatient {
  const row = rows.find((one) => one.id === id);
  if (!row || row.method === method.placeholder) throw new Failure('not-found', `There is no Patient/${id}.`);
  if (row.content === null) throw new Failure('deleted', `Patient/${id} was deleted.`);
  return { rid: row.rid, id, version: row.version, resource: parseJson(row.content) as JsonObject };
}
