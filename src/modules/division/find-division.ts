import { Failure } from '#lib/failure.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { type Division, nationCode, parseDivisionCode, significantDigits } from './division.ts';
import {
  selectBranches,
  selectByWord,
  selectChildren,
  selectDivision,
  selectMeanings,
  selectPredecessors,
  selectStrayCodes,
  selectSuccessors,
} from './queries.ts';

type Connection = Pool | Transaction;

export const pageLength = 500;
const candidates = 500;

/** What a code means on a day, or meant last; fails with `not-found`. */
export async function divisionOf(connection: Connection, code: string, on: string): Promise<Division> {
  const division = await selectDivision(connection, parseDivisionCode(code), on);
  if (division) return division;
  throw new Failure('not-found', `There is no division ${code.slice(0, 32)}. Look it up by its name.`);
}

/** From a division up to the nation, itself first; empty for a code that means nothing. */
export async function branchOf(connection: Connection, code: string, on: string): Promise<Division[]> {
  const short = parseDivisionCode(code);
  return (await selectBranches(connection, [short], on)).get(short) ?? [];
}

/**
 * Whether a division lies in a branch on a day (a division lies in itself). A code that had ended by then lies where what
 * took its place lies.
 */
export async function isWithin(connection: Connection, code: string, ancestor: string, on: string): Promise<boolean> {
  const wanted = parseDivisionCode(ancestor);
  let codes = [parseDivisionCode(code)];
  for (let step = 0; step < 5 && codes.length > 0; step++) {
    const branches = await selectBranches(connection, codes, on);
    for (const branch of branches.values()) if (branch.some((division) => division.code === wanted)) return true;
    const ended = [...branches.values()].flatMap(([own]) => (own?.validUntil && own.validUntil <= on ? [own] : []));
    const successors = await selectSuccessors(
      connection,
      ended.map((own) => own.code),
    );
    codes = successors
      .filter((row) => ended.some((own) => own.code === row.code && own.validUntil === row.until))
      .map(({ successor }) => successor);
  }
  return false;
}

/** The beginnings of all codes that lie, or lay, in a branch: `[5304]` for Yuxi; more where codes were drawn out of order. */
export async function prefixesOf(connection: Connection, code: string): Promise<string[]> {
  const short = parseDivisionCode(code);
  if (short === nationCode) return [''];
  const prefix = significantDigits(short);
  const prefixes = [prefix];
  for (const stray of (await selectStrayCodes(connection, short, prefix)).map(significantDigits).sort()) {
    if (!prefixes.some((known) => stray.startsWith(known))) prefixes.push(stray);
  }
  return prefixes;
}

export interface DivisionPage {
  divisions: (Division & { hasChildren: boolean })[];
  /** The code after which the next page begins. */
  next: string | undefined;
}

export async function childrenOf(
  connection: Connection,
  { parent, on, after = '' }: { parent: string; on: string; after?: string | undefined },
): Promise<DivisionPage> {
  const found = await selectChildren(connection, {
    parent: parseDivisionCode(parent),
    on,
    after,
    limit: pageLength + 1,
  });
  const divisions = found.slice(0, pageLength);
  return { divisions, next: found.length > pageLength ? divisions.at(-1)?.code : undefined };
}

export interface FoundDivision extends Division {
  /** Itself first, the nation left out. */
  branch: Division[];
}

/**
 * Divisions by the beginning of their name, pinyin, initials, English name or code. With several words, the last one is the
 * place and those before it places above: `yuxi eshan`.
 */
export async function findDivisions(
  connection: Connection,
  { text, within, on, limit }: { text: string; within?: string | undefined; on: string; limit: number },
): Promise<{ divisions: FoundDivision[]; hasMore: boolean }> {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean).slice(0, 6);
  const word = words.at(-1);
  if (word === undefined) return { divisions: [], hasMore: false };
  const above = words.slice(0, -1);
  const branchCode = within === undefined ? undefined : parseDivisionCode(within);
  const isNarrowed = above.length > 0 || (branchCode !== undefined && branchCode !== nationCode);
  const found = await selectByWord(connection, { word, on, limit: isNarrowed ? candidates : limit + 1 });
  const branches = await selectBranches(
    connection,
    found.map(({ code }) => code),
    on,
  );
  const fitting = found
    .map((division) => ({
      ...division,
      branch: (branches.get(division.code) ?? []).filter(({ code }) => code !== nationCode),
    }))
    .filter(
      ({ branch }) =>
        branchCode === undefined || branchCode === nationCode || branch.some(({ code }) => code === branchCode),
    )
    .filter(({ branch }) => above.every((start) => branch.slice(1).some((place) => beginsWith(place, start))));
  return {
    divisions: fitting.slice(0, limit),
    hasMore: fitting.length > limit || (isNarrowed && found.length === candidates),
  };
}

const beginsWith = ({ name, english, code }: Division, start: string): boolean =>
  name.startsWith(start) || english.toLowerCase().replaceAll(/[’ ]/g, '').startsWith(start) || code.startsWith(start);

/** All that is known of a code: what it means, where it lies, what it was and what became of it. */
export async function describeDivision(connection: Connection, code: string, on: string) {
  const division = await divisionOf(connection, code, on);
  const [branch, meanings, became, was] = await Promise.all([
    branchOf(connection, division.code, on),
    selectMeanings(connection, division.code),
    selectSuccessors(connection, [division.code]),
    selectPredecessors(connection, division.code),
  ]);
  return { division, branch, meanings, became, was };
}
