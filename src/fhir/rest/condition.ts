import { createHash } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import { Int8Column } from '#lib/postgres/binary-column.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { type Connection, lockConditions } from '../store/index.ts';
import type { FhirContext } from './context.ts';

/** The same condition always gives the same lock, whatever the order of its parameters. */
function conditionKey(type: string, query: string): bigint {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return createHash('sha1').update(`${type}?${parameters}`).digest().readBigInt64BE(0);
}

/** Of two requests under the same condition the second waits until the first has ended, and then finds what it made. */
export async function lockConditionsOf(
  transaction: Transaction,
  conditions: Iterable<{ type: string; query: string }>,
): Promise<void> {
  const keys = new Int8Column();
  for (const { type, query } of conditions) keys.pushBigInt(conditionKey(type, query));
  if (keys.count > 0) await lockConditions(transaction, keys);
}

export const lockCondition = (transaction: Transaction, type: string, query: string): Promise<void> =>
  lockConditionsOf(transaction, [{ type, query }]);

/** The one resource that meets a condition, or undefined; fails with `multiple-matches` when there are more. */
export async function findOne(
  { search }: FhirContext,
  connection: Connection,
  type: string,
  query: string,
): Promise<{ id: string; version: number } | undefined> {
  if (query.trim() === '') throw new Failure('required', 'A condition needs at least one search parameter.');
  const matches = await search.findMatches(connection, type, query);
  if (matches.length > 1) {
    throw new Failure('multiple-matches', `More than one ${type} meets the condition ${query}. Narrow it.`);
  }
  return matches[0];
}
