import { type CompartmentName, resourceTypeNumber, resourceTypes } from '../../definitions/index.ts';
import { clinicalDatePaths } from '../../indexing/index.ts';
import { type Connection, referenceKey, ridRange } from '../../store/index.ts';
import { compartmentPaths, supportingTypes } from './compartment.ts';
import {
  type CareFilter,
  type Chunk,
  type Numbered,
  selectNextOfType,
  selectOfThese,
  selectReferring,
  type WalkedRow,
} from './queries.ts';
import { findSupporting } from './supporting.ts';

/** What of a compartment is wanted. */
export interface EverythingFilter {
  /** Microseconds since 1970 UTC; undefined: whenever it was written. */
  since: number | undefined;
  /** Dates of care, half-open; undefined: whenever it was. */
  care: { start: number; end: number } | undefined;
  types: ReadonlySet<string> | undefined;
}

/** First the resource itself, then what belongs to it, then what all that refers to. */
export const phase = { seed: 0, member: 1, supporting: 2 } as const;

/** A place in the walk: behind the resource that is named. */
export interface Position {
  seed: number;
  phase: number;
  rid: number;
}

export interface Walked {
  position: Position;
  row: WalkedRow & { content: string };
}

/** Bytes of what one statement brings: a few large documents, or a thousand small resources. */
const chunkBytes = 4 * 1024 * 1024;

interface Scope {
  connection: Connection;
  compartment: CompartmentName;
  filter: EverythingFilter;
  /** The rids of those that whoever asks may see. */
  readable(rows: readonly Numbered[]): Promise<ReadonlySet<number>>;
  /** Rows that one statement brings. */
  chunkRows: number;
}

/** The everything of one resource from a position on, in an order that does not change while others write. */
export async function* walkSeed(scope: Scope, seed: WalkedRow, from: Position | undefined): AsyncGenerator<Walked> {
  const { compartment, filter } = scope;
  if (!from && seed.content !== null && isWanted(filter, compartment)) {
    yield { position: { seed: seed.rid, phase: phase.seed, rid: seed.rid }, row: { ...seed, content: seed.content } };
  }
  const careFilter = toCareFilter(filter);
  if (!from || from.phase <= phase.member) {
    const keys = keysOf(compartment, seed.rid, (type) => isWanted(filter, type));
    const select = (chunk: Chunk) => selectReferring(scope.connection, keys, chunk, careFilter);
    const after = from?.phase === phase.member ? from.rid : 0;
    if (keys.length > 0) yield* inChunks(scope, seed, phase.member, after, select);
  }
  const support = supportScope(compartment, seed.rid, filter);
  if (support.wanted.length === 0) return;
  const keys = keysOf(compartment, seed.rid, () => true);
  const found = await findSupporting(scope, keys, support, careFilter);
  const select = (chunk: Chunk) => selectOfThese(scope.connection, found, chunk, careFilter.since);
  yield* inChunks(scope, seed, phase.supporting, from?.phase === phase.supporting ? from.rid : 0, select);
}

/** The everything of all resources of the compartment's own type, one after the other. */
export async function* walkAllSeeds(scope: Scope, from: Position | undefined): AsyncGenerator<Walked> {
  const range = ridRange(scope.compartment);
  let next = from?.seed ?? range.first;
  for (;;) {
    const seeds = await selectNextOfType(scope.connection, { first: next, last: range.last }, seedsAtATime);
    const readable = await scope.readable(seeds);
    for (const seed of seeds.filter(({ rid }) => readable.has(rid))) {
      yield* walkSeed(scope, seed, seed.rid === from?.seed ? from : undefined);
    }
    const last = seeds.at(-1);
    if (!last || seeds.length < seedsAtATime) return;
    next = last.rid + 1;
  }
}

const seedsAtATime = 50;

async function* inChunks(
  { chunkRows, readable }: Scope,
  seed: WalkedRow,
  walkPhase: number,
  after: number,
  select: (chunk: Chunk) => Promise<WalkedRow[]>,
): AsyncGenerator<Walked> {
  let last = after;
  for (let count = chunkRows; ; ) {
    const rows = await select({ after: last, count, byteLength: chunkBytes });
    const open = await readable(rows);
    let length = 0;
    let wanted = 0;
    for (const row of rows) {
      last = row.rid;
      const { content } = row;
      if (content === null || row.rid === seed.rid) continue;
      length += content.length;
      wanted++;
      if (!open.has(row.rid)) continue;
      yield { position: { seed: seed.rid, phase: walkPhase, rid: row.rid }, row: { ...row, content } };
    }
    // Short because there are no more, not because of its bytes: UTF-8 takes up to four of them for a character.
    if (rows.length === 0 || (rows.length < count && length * 4 < chunkBytes)) return;
    if (wanted * 4 < rows.length) count = Math.min(count * 2, mostChunkRows);
  }
}

/** Where a filter leaves most out, a statement looks at more. */
const mostChunkRows = 20_000;

const isWanted = ({ types }: EverythingFilter, type: string): boolean => types?.has(type) ?? true;

function keysOf(compartment: CompartmentName, rid: number, isType: (type: string) => boolean): bigint[] {
  return compartmentPaths(compartment, isType).map((path) => referenceKey(path, rid));
}

function supportScope(compartment: CompartmentName, seed: number, filter: EverythingFilter) {
  // An encounter names its patient, its appointments and its diagnoses, which may name no encounter themselves.
  const ofSeed = compartment === 'Encounter' ? resourceTypes : supportingTypes;
  return {
    seed,
    supporting: supportingTypes.map(resourceTypeNumber),
    ofSeed: ofSeed.map(resourceTypeNumber),
    wanted: ofSeed.filter((type) => isWanted(filter, type)).map(resourceTypeNumber),
  };
}

function toCareFilter({ since, care }: EverythingFilter): CareFilter {
  return { since: since ?? 0, paths: care ? clinicalDatePaths() : null, start: care?.start ?? 0, end: care?.end ?? 0 };
}
