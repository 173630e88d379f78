import { createHash } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import { Int8Column } from '#lib/postgres/binary-column.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { restrictionOf } from '../access/index.ts';
import { type Connection, lockConditions } from '../store/index.ts';
import { type Interaction, isOfForm } from './answer.ts';
import type { FhirContext } from './context.ts';

/** A search that decides which resource a write means: `Patient` and `identifier=urn:mrn|1`. */
export interface Condition {
  type: string;
  query: string;
}

export interface Match {
  id: string;
  version: number;
}

/** The parameters of an address as a condition. */
export const queryOf = ({ parameters }: Pick<Interaction, 'parameters'>): string =>
  new URLSearchParams(parameters.flatMap(([name, value]) => (isOfForm(name) ? [] : [[name, value]]))).toString();

/** The same condition always has the same text, whatever the order of its parameters. */
export function conditionText({ type, query }: Condition): string {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return `${type}?${parameters}`;
}

const conditionKey = (condition: Condition): bigint =>
  createHash('sha1').update(conditionText(condition)).digest().readBigInt64BE(0);

/** Of two requests under the same condition the second waits until the first has ended, and then finds what it made. */
export async function lockConditionsOf(transaction: Transaction, conditions: Iterable<Condition>): Promise<void> {
  const keys = new Int8Column();
  for (const condition of conditions) keys.pushBigInt(conditionKey(condition));
  if (keys.count > 0) await lockConditions(transaction, keys);
}

export const lockCondition = (transaction: Transaction, type: string, query: string): Promise<void> =>
  lockConditionsOf(transaction, [{ type, query }]);

/** The one resource that meets a condition, or undefined; fails with `multiple-matches` when there are more. */
export async function findOne(
  context: FhirContext,
  connection: Connection,
  type: string,
  query: string,
): Promise<Match | undefined> {
  const condition = { type, query };
  return (await findOnes(context, connection, [condition])).get(conditionText(condition));
}

/** As findOne for many conditions, by their text; those that nothing meets are left out. */
export async function findOnes(
  { search, access }: FhirContext,
  connection: Connection,
  conditions: readonly Condition[],
): Promise<Map<string, Match>> {
  const distinct = new Map(conditions.map((condition) => [conditionText(condition), condition]));
  for (const condition of distinct.values()) requireCondition(condition);
  const matches = await search.findMatchesOfEach(connection, [...distinct.values()], restrictionOf(access, 'search'));
  const found = new Map<string, Match>();
  for (const [index, text] of [...distinct.keys()].entries()) {
    const [match, another] = matches[index] ?? [];
    if (another)
      throw new Failure('multiple-matches', `More than one resource meets the condition ${text}. Narrow it.`);
    if (match) found.set(text, match);
  }
  return found;
}

export function requireCondition({ query }: Condition): void {
  if (query.trim() === '') throw new Failure('required', 'A condition needs at least one search parameter.');
}
