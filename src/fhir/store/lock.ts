import { Int2Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { lockResources, type StoredRow } from './queries.ts';

/** The rows of these resources, deleted ones and placeholders included, locked until the transaction ends. */
export async function lockRows(
  transaction: Transaction,
  resources: readonly { type: string; id: string }[],
): Promise<StoredRow[]> {
  if (resources.length === 0) return [];
  const ids = new TextColumn();
  const types = new Int2Column();
  for (const { type, id } of resources) {
    ids.push(id);
    types.push(resourceTypeNumber(type));
  }
  return lockResources(transaction, ids, types);
}
