import { Failure } from '#lib/failure.ts';
import type { Connection } from '../../store/index.ts';
import { type CareFilter, type Numbered, selectMembers, selectTargets } from './queries.ts';

/** Whose support is asked for, and what counts as such; types by their numbers. */
export interface SupportScope {
  seed: number;
  /** Types whose resources support others. */
  supporting: readonly number[];
  /** Types that count when the seed itself refers to them. */
  ofSeed: readonly number[];
  /** Types to be returned. */
  wanted: readonly number[];
}

interface Deciding {
  connection: Connection;
  /** The rids of those that whoever asks may see. */
  readable(rows: readonly Numbered[]): Promise<ReadonlySet<number>>;
}

const membersAtATime = 20_000;
/** Practitioners, places, medicines: of one patient, some hundreds. */
const mostSupporting = 20_000;

/**
 * What a resource and those that refer to it refer to in turn, and what that refers to: practitioners, organizations,
 * locations, medications. Rids in their order. Only what may be seen leads on: whom a closed part of a record names is
 * part of what is closed.
 */
export async function findSupporting(
  { connection, readable }: Deciding,
  keys: readonly bigint[],
  { seed, supporting, ofSeed, wanted }: SupportScope,
  care: CareFilter,
): Promise<number[]> {
  const members = new Set<number>();
  const found = new Map<number, Numbered>();
  const follow = async (sources: readonly number[], types: readonly number[]): Promise<number[]> => {
    if (sources.length === 0) return [];
    const targets = await selectTargets(connection, sources, types, mostSupporting + 1);
    const open = await readable(targets);
    const fresh = targets.filter(({ rid }) => open.has(rid) && !found.has(rid));
    for (const target of fresh) found.set(target.rid, target);
    if (targets.length > mostSupporting || found.size > mostSupporting) {
      throw new Failure(
        'too-costly',
        `What belongs here refers to more than ${mostSupporting} others. Narrow it by start and end, or search by type.`,
      );
    }
    return fresh.map(({ rid }) => rid);
  };
  let next = await follow([seed], ofSeed);
  for (let after = 0; ; ) {
    const page = await selectMembers(connection, keys, { after, count: membersAtATime }, care);
    const open = await readable(page);
    for (const { rid } of page) members.add(rid);
    const sources = page.filter(({ rid, isCare }) => isCare && open.has(rid)).map(({ rid }) => rid);
    next.push(...(await follow(sources, supporting)));
    const last = page.at(-1);
    if (!last || page.length < membersAtATime) break;
    after = last.rid;
  }
  while (next.length > 0) next = await follow(next, supporting);
  return [...found.values()]
    .filter(({ rid, type }) => rid !== seed && wanted.includes(type) && !members.has(rid))
    .map(({ rid }) => rid)
    .sort((left, right) => left - right);
}
