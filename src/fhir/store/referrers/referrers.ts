import { Failure } from '#lib/failure.ts';
import { resourceTypeOfNumber } from '../../definitions/index.ts';
import { allPaths } from '../integrity.ts';
import type { Connection } from '../queries.ts';
import { ridRange } from '../rid.ts';
import { type ReferrerRow, selectNames, selectReferrersOf, selectTargetsOf, type TargetRow } from './queries.ts';

export interface Referrer {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
}

/**
 * All that refers to a resource on any path that the index of R4 knows, in the order in which rows are locked. Fails with
 * `too-costly` where there are more than `limit`.
 */
export async function findReferrers(connection: Connection, rid: number, limit: number): Promise<Referrer[]> {
  const rows = await selectReferrersOf(connection, rid, allPaths(), limit + 1);
  if (rows.length > limit) throw new Failure('too-costly', `More than ${limit} resources refer to it.`);
  return rows.map(toReferrer);
}

const toReferrer = ({ type, ...row }: ReferrerRow): Referrer => ({ ...row, type: resourceTypeOfNumber(type) ?? '' });

/** Type and id of these resources, in the order in which rows are locked. */
export const findNames = async (connection: Connection, rids: Iterable<number>): Promise<Referrer[]> =>
  (await selectNames(connection, rids)).map(toReferrer);

/** Which of these resources refer to which resources of a type. */
export const findTargets = (connection: Connection, rids: Iterable<number>, type: string): Promise<TargetRow[]> =>
  selectTargetsOf(connection, rids, ridRange(type));
