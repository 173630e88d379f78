import type { Int2Column, Int4Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

type Connection = Pool | Transaction;

/** Changes with every transaction that changes a terminology resource. */
export async function selectGeneration(connection: Connection): Promise<number> {
  const rows = await run(connection, 'terminology-generation', 'select generation from terminology.generation', []);
  return Number(rows[0]?.[0] ?? 0);
}

/** A stored resource with a canonical address. */
export interface CanonicalRow {
  rid: number;
  resourceVersion: number;
  updated: number;
  url: string;
  version: string | undefined;
  /** Characters of its text. */
  length: number;
}

const canonicalColumns = 'rid, resource_version, updated, url, version, length';

const toCanonical = (row: unknown[]): CanonicalRow => ({
  rid: Number(row[0]),
  resourceVersion: row[1] as number,
  updated: Number(row[2]),
  url: row[3] as string,
  version: (row[4] as string | null) ?? undefined,
  length: row[5] as number,
});

const mostCanonicals = 1_000;

/** The stored versions of a canonical address, the last written first. */
export async function selectCanonicals(connection: Connection, type: number, url: string): Promise<CanonicalRow[]> {
  const rows = await run(
    connection,
    'terminology-canonicals',
    `select ${canonicalColumns} from terminology.canonical where url = $1 and type = $2
     order by updated desc, rid desc limit ${mostCanonicals}`,
    [url, type],
  );
  return rows.map(toCanonical);
}

/** Stored supplements of a code system. */
export async function selectSupplements(connection: Connection, url: string): Promise<CanonicalRow[]> {
  const rows = await run(
    connection,
    'terminology-supplements',
    `select ${canonicalColumns} from terminology.canonical where supplements = $1
     order by updated desc, rid desc limit ${mostCanonicals}`,
    [url],
  );
  return rows.map(toCanonical);
}

/** All stored resources of a type, in the order of their rids. */
export async function selectAllOfType(connection: Connection, type: number, afterRid: number): Promise<CanonicalRow[]> {
  const rows = await run(
    connection,
    'terminology-all',
    `select ${canonicalColumns} from terminology.canonical where type = $1 and rid > $2
     order by rid limit ${mostCanonicals}`,
    [type, afterRid],
  );
  return rows.map(toCanonical);
}

export async function selectByRid(connection: Connection, rid: number): Promise<CanonicalRow | undefined> {
  const rows = await run(
    connection,
    'terminology-by-rid',
    `select ${canonicalColumns} from terminology.canonical where rid = $1`,
    [rid],
  );
  return rows[0] && toCanonical(rows[0]);
}

/** The id of a stored resource. */
export async function selectId(connection: Connection, rid: number): Promise<string | undefined> {
  const rows = await run(connection, 'terminology-id', 'select id from fhir.resource where rid = $1', [rid]);
  return rows[0]?.[0] as string | undefined;
}

/** The text of a version, current or superseded. */
export async function selectContent(connection: Connection, rid: number, version: number): Promise<string | undefined> {
  const rows = await run(
    connection,
    'terminology-content',
    `select content from fhir.resource where rid = $1 and version = $2
     union all
     select content from fhir.resource_history where rid = $1 and version = $2`,
    [rid, version],
  );
  return (rows[0]?.[0] as string | null | undefined) ?? undefined;
}

export interface ConceptSetRow {
  conceptSet: number;
  resourceVersion: number | undefined;
  firstNumber: number;
  size: number;
}

/** Sets of concepts that are ready for a CodeSystem, the newest first. */
export async function selectConceptSets(connection: Connection, rid: number): Promise<ConceptSetRow[]> {
  const rows = await run(
    connection,
    'terminology-concept-sets',
    `select concept_set, resource_version, first_number, size from terminology.concept_set
     where rid = $1 and is_ready order by concept_set desc limit 100`,
    [rid],
  );
  return rows.map((row) => ({
    conceptSet: row[0] as number,
    resourceVersion: (row[1] as number | null) ?? undefined,
    firstNumber: row[2] as number,
    size: row[3] as number,
  }));
}

/** A row of terminology.concept. */
export type ConceptRow = [
  number: number,
  flags: number,
  code: string,
  display: string | null,
  content: string,
  parents: number[],
  ancestors: number[],
];

const conceptColumns = 'number, flags, code, display, content, parents, ancestors';

/** A part of a set, in the order of the code system, by its range of numbers; `skip` holds for what is found. */
export interface NumberRange {
  after: number;
  last: number;
  skip: number;
  limit: number;
}

export async function selectConceptsByCode(
  connection: Connection,
  conceptSet: number,
  codes: readonly string[],
): Promise<ConceptRow[]> {
  return run<ConceptRow>(
    connection,
    'terminology-by-code',
    `select ${conceptColumns} from terminology.concept where concept_set = $1 and code = any ($2::text[])`,
    [conceptSet, codes],
  );
}

export async function selectConceptsByNumber(
  connection: Connection,
  numbers: readonly number[],
): Promise<ConceptRow[]> {
  return run<ConceptRow>(
    connection,
    'terminology-by-number',
    `select ${conceptColumns} from terminology.concept where number = any ($1::int4[]) order by number`,
    [numbers],
  );
}

export async function selectConcepts(connection: Connection, range: NumberRange): Promise<ConceptRow[]> {
  return run<ConceptRow>(
    connection,
    'terminology-walk',
    `select ${conceptColumns} from terminology.concept where number > $1 and number <= $2 order by number limit $3`,
    [range.after, range.last, range.limit],
  );
}

/** Walks the next concepts in order and keeps those that match: quick where many do. */
export async function selectConceptsNearby(
  connection: Connection,
  query: string,
  range: NumberRange,
  candidates: number,
): Promise<ConceptRow[]> {
  return run<ConceptRow>(
    connection,
    'terminology-nearby',
    `select ${conceptColumns} from (
       select ${conceptColumns}, words from terminology.concept
       where number > $1 and number <= $2 order by number limit $5
     ) candidate
     where words @@ $4::tsquery order by number limit $3`,
    [range.after, range.last, range.limit, query, candidates],
  );
}

/** Finds all that match by the index, then their first ones in order: quick where few do. */
export async function selectConceptsFound(
  connection: Connection,
  query: string,
  range: NumberRange,
): Promise<ConceptRow[]> {
  return run<ConceptRow>(
    connection,
    'terminology-found',
    `with found as materialized (select number from terminology.concept where words @@ $4::tsquery),
     wanted as materialized (
       select number from found where number > $1 and number <= $2 order by number limit $3 offset $5
     )
     select ${conceptColumns} from terminology.concept where number in (select number from wanted) order by number`,
    [range.after, range.last, range.limit, query, range.skip],
  );
}

export async function countConcepts(
  connection: Connection,
  query: string,
  { after, last }: Pick<NumberRange, 'after' | 'last'>,
): Promise<number> {
  const rows = await run(
    connection,
    'terminology-count',
    `with found as materialized (select number from terminology.concept where words @@ $3::tsquery)
     select count(*) from found where number > $1 and number <= $2`,
    [after, last, query],
  );
  return Number(rows[0]?.[0] ?? 0);
}

/** Draws so many numbers for the concepts of a new set, which nobody sees before it is ready. */
export async function insertConceptSet(
  connection: Connection,
  { rid, resourceVersion, size }: { rid: number; resourceVersion: number | undefined; size: number },
): Promise<ConceptSetRow> {
  const rows = await run(
    connection,
    'terminology-insert-set',
    `with drawn as (
       update terminology.numbering set next_number = next_number + $3::int4 returning next_number - $3::int4 as first_number
     )
     insert into terminology.concept_set (rid, resource_version, first_number, size, is_ready)
     select $1, $2, first_number, $3::int4, false from drawn
     returning concept_set, first_number`,
    [rid, resourceVersion ?? null, size],
  );
  return { conceptSet: rows[0]?.[0] as number, firstNumber: rows[0]?.[1] as number, resourceVersion, size };
}

/** Number, flags, code, display, content; parents, ancestors and words as text. */
export type ConceptColumns = readonly [
  Int4Column,
  Int2Column,
  TextColumn,
  TextColumn,
  TextColumn,
  TextColumn,
  TextColumn,
  TextColumn,
];

/** Between the lexemes of a concept in their column. */
export const lexemeSeparator = '\u0001';

export async function insertConcepts(
  connection: Connection,
  conceptSet: number,
  columns: ConceptColumns,
): Promise<void> {
  await run(
    connection,
    'terminology-insert-concepts',
    `insert into terminology.concept (concept_set, number, flags, code, display, content, parents, ancestors, words)
     select $1, number, flags, code, display, content, parents::int4[], ancestors::int4[],
       array_to_tsvector(string_to_array(words, E'\\x01'))
     from unnest($2::int4[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       as c (number, flags, code, display, content, parents, ancestors, words)`,
    [conceptSet, ...columns.map((column) => column.toBuffer())],
  );
}

/** From now on the set is that of this CodeSystem. */
export async function publishConceptSet(connection: Connection, conceptSet: number, rid: number): Promise<void> {
  await run(
    connection,
    'terminology-publish',
    'update terminology.concept_set set is_ready = true, rid = $2 where concept_set = $1',
    [conceptSet, rid],
  );
}

/**
 * Sets that a newer one of the same CodeSystem replaces, which a reader may need a while longer; and, after a day, those
 * without a CodeSystem: it was deleted, or their load broke off.
 */
export async function selectOutdatedSets(connection: Connection, rid: number): Promise<ConceptSetRow[]> {
  const rows = await run(
    connection,
    'terminology-outdated',
    `select concept_set, resource_version, first_number, size from terminology.concept_set s
     where created < now() - interval '1 day'
         and not exists (select from terminology.canonical c where c.rid = s.rid)
       or rid = $1 and exists (
         select from terminology.concept_set newer
         where newer.rid = s.rid and newer.is_ready and newer.concept_set > s.concept_set
           and newer.created < now() - interval '1 hour'
       )
     order by concept_set limit 100`,
    [rid],
  );
  return rows.map((row) => ({
    conceptSet: row[0] as number,
    resourceVersion: (row[1] as number | null) ?? undefined,
    firstNumber: row[2] as number,
    size: row[3] as number,
  }));
}

/** Deletes the concepts of these numbers. */
export async function deleteConcepts(connection: Connection, first: number, last: number): Promise<void> {
  await run(
    connection,
    'terminology-delete-concepts',
    'delete from terminology.concept where number between $1 and $2',
    [first, last],
  );
}

export async function deleteConceptSet(connection: Connection, conceptSet: number): Promise<void> {
  await run(connection, 'terminology-delete-set', 'delete from terminology.concept_set where concept_set = $1', [
    conceptSet,
  ]);
}

/** Waits until no other process fills a set for this CodeSystem; held until the end of the transaction. */
export async function lockConceptSets(connection: Transaction, rid: number): Promise<void> {
  await run(connection, 'terminology-lock', 'select pg_advisory_xact_lock($1)', [rid]);
}
