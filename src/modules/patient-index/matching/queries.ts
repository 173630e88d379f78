import type { Connection } from '#fhir/store/index.ts';
import { Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';

/** A person as they are stored. */
export interface PersonRow {
  readonly person: number;
  readonly id: string;
  readonly features: string;
}

export interface IndexedPerson extends PersonRow {
  readonly keys: readonly number[];
}

/** Puts these persons, with these keys, in the place of what was known of them; those of `gone` are forgotten. */
export async function writePersons(
  connection: Connection,
  persons: readonly IndexedPerson[],
  gone: readonly number[],
): Promise<void> {
  const columns = {
    person: new Int8Column(),
    id: new TextColumn(),
    keys: new TextColumn(),
    features: new TextColumn(),
  };
  const pairs = { key: new Int8Column(), person: new Int8Column() };
  for (const { person, id, keys, features } of persons) {
    columns.person.push(person);
    columns.id.push(id);
    columns.keys.push(`{${keys.join(',')}}`);
    columns.features.push(features);
    for (const key of keys) {
      pairs.key.push(key);
      pairs.person.push(person);
    }
  }
  const all = new Int8Column();
  for (const rid of [...persons.map(({ person }) => person), ...gone]) all.push(rid);
  await run(
    connection,
    'patient-index-write',
    `with before as (
       select person, unnest(keys) as key from patient_index.person where person = any ($1::int8[])
     ), after as (
       select * from unnest($2::int8[], $3::int8[]) as pair (key, person)
     ), removed as (
       delete from patient_index.block b using before o
       where b.key = o.key and b.person = o.person
         and not exists (select 1 from after a where a.key = o.key and a.person = o.person)
     ), added as (
       insert into patient_index.block (key, person)
       select a.key, a.person from after a
       where not exists (select 1 from before o where o.key = a.key and o.person = a.person)
       order by a.key, a.person
       on conflict do nothing
     ), forgotten as (
       delete from patient_index.person where person = any ($1::int8[]) and person <> all ($4::int8[])
     )
     insert into patient_index.person (person, id, keys, features)
     select p.person, p.id, p.keys::int8[], p.features
     from unnest($4::int8[], $5::text[], $6::text[], $7::text[]) as p (person, id, keys, features)
     on conflict (person) do update set id = excluded.id, keys = excluded.keys, features = excluded.features`,
    [
      all.toBuffer(),
      pairs.key.toBuffer(),
      pairs.person.toBuffer(),
      columns.person.toBuffer(),
      columns.id.toBuffer(),
      columns.keys.toBuffer(),
      columns.features.toBuffer(),
    ],
  );
}

export interface FoundPersons {
  readonly persons: readonly PersonRow[];
  /** There are more. */
  readonly isCut: boolean;
  /** Of the keys, those that more persons share than were asked for. */
  readonly frequent: readonly number[];
}

const toPerson = (row: unknown[]): PersonRow => ({
  person: Number(row[0]),
  id: row[1] as string,
  features: row[2] as string,
});

/** Persons that share a key with so few others that they can all be compared. */
export async function selectSharing(
  connection: Connection,
  keys: readonly number[],
  { mostOfKey, mostPersons }: { mostOfKey: number; mostPersons: number },
): Promise<FoundPersons> {
  const column = new Int8Column();
  for (const key of keys) column.push(key);
  const rows = await run(
    connection,
    'patient-index-sharing',
    `with held as materialized (
       select wanted.key, found.persons
       from unnest($1::int8[]) as wanted (key)
       cross join lateral (
         select array_agg(b.person) as persons
         from (select person from patient_index.block where key = wanted.key limit $2::int4 + 1) b
       ) found
     )
     select p.person, p.id, p.features from (
       select unnest(persons) as person from held where cardinality(persons) <= $2::int4
       group by 1 order by count(*) desc, 1 limit $3::int4 + 1
     ) near join patient_index.person p on p.person = near.person
     union all
     select key, null, null from held where cardinality(persons) > $2::int4`,
    [column.toBuffer(), mostOfKey, mostPersons],
  );
  const persons = rows.filter((row) => row[1] !== null).map(toPerson);
  return {
    persons: persons.slice(0, mostPersons),
    isCut: persons.length > mostPersons,
    frequent: rows.filter((row) => row[1] === null).map((row) => Number(row[0])),
  };
}

/** Persons that share at least two of keys that each are too frequent; of every key so many are looked at, at most. */
export async function selectSharingTwo(
  connection: Connection,
  keys: readonly number[],
  { mostOfKey, mostPersons }: { mostOfKey: number; mostPersons: number },
): Promise<{ persons: PersonRow[]; isCut: boolean }> {
  const column = new Int8Column();
  for (const key of keys) column.push(key);
  const rows = await run(
    connection,
    'patient-index-sharing-two',
    `with held as materialized (
       select b.person, count(*) over (partition by wanted.key) as held_by
       from unnest($1::int8[]) as wanted (key)
       cross join lateral (
         select person from patient_index.block where key = wanted.key order by person limit $2::int4
       ) b
     ), near as (
       select person, max(held_by) as held_by from held group by person having count(*) >= 2
       order by count(*) desc, person limit $3::int4 + 1
     )
     select p.person, p.id, p.features, (select max(held_by) from held) >= $2::int4
     from near join patient_index.person p on p.person = near.person`,
    [column.toBuffer(), mostOfKey, mostPersons],
  );
  const isCut = rows.length > mostPersons || rows.some((row) => row[3] === true);
  return { persons: rows.slice(0, mostPersons).map(toPerson), isCut };
}

export interface ModelRow {
  readonly version: number;
  /** Microseconds since 1970 UTC. */
  readonly learntAt: number;
  readonly persons: number;
  readonly pairs: number;
  readonly expectedF1: number;
}

const toModel = (row: unknown[]): ModelRow => ({
  version: row[0] as number,
  learntAt: Number(row[1]),
  persons: Number(row[2]),
  pairs: Number(row[3]),
  expectedF1: row[4] as number,
});

/** The newest model, if it is newer than that; zero knows none. */
export async function selectNewerModel(
  connection: Connection,
  version: number,
): Promise<(ModelRow & { content: string }) | undefined> {
  const [row] = await run(
    connection,
    'patient-index-model',
    `select version, learnt_at, persons, pairs, expected_f1, content from patient_index.model
     where version > $1 order by version desc limit 1`,
    [version],
  );
  return row && { ...toModel(row), content: row[5] as string };
}

/** What is known of the newest models, without their content. */
export async function selectModels(connection: Connection, limit: number): Promise<ModelRow[]> {
  const rows = await run(
    connection,
    'patient-index-models',
    'select version, learnt_at, persons, pairs, expected_f1 from patient_index.model order by version desc limit $1',
    [limit],
  );
  return rows.map(toModel);
}

export async function insertModel(
  connection: Connection,
  { learntAt, persons, pairs, expectedF1, content }: Omit<ModelRow, 'version'> & { content: string },
): Promise<number> {
  const [row] = await run(
    connection,
    'patient-index-add-model',
    `insert into patient_index.model (learnt_at, persons, pairs, expected_f1, content)
     values ($1, $2, $3, $4, $5) returning version`,
    [learntAt, persons, pairs, expectedF1, content],
  );
  return Number(row?.[0]);
}

/** By which rules all persons are indexed; undefined before they ever were. */
export async function selectCoverage(connection: Connection): Promise<number | undefined> {
  const [row] = await run(connection, 'patient-index-coverage', 'select rules from patient_index.coverage', []);
  return row && Number(row[0]);
}

/** About how many persons are indexed; zero before the table was first looked at. */
export async function estimatePersons(connection: Connection): Promise<number> {
  const [row] = await run(
    connection,
    'patient-index-estimate',
    `select greatest(reltuples, 0)::int8 from pg_class where oid = 'patient_index.person'::regclass`,
    [],
  );
  return Number(row?.[0] ?? 0);
}

export async function upsertCoverage(connection: Connection, rules: number): Promise<void> {
  await run(
    connection,
    'patient-index-cover',
    `insert into patient_index.coverage (rules) values ($1)
     on conflict (one) do update set rules = excluded.rules`,
    [rules],
  );
}

export async function countPersons(connection: Connection): Promise<number> {
  const [row] = await run(connection, 'patient-index-count', 'select count(*) from patient_index.person', []);
  return Number(row?.[0] ?? 0);
}

/** Persons behind this one, in the order of their rids. */
export async function selectPersonsAfter(connection: Connection, after: number, limit: number): Promise<PersonRow[]> {
  const rows = await run(
    connection,
    'patient-index-page',
    'select person, id, features from patient_index.person where person > $1 order by person limit $2',
    [after, limit],
  );
  return rows.map(toPerson);
}

/** Groups of persons that share a key between these two, if they are not too many. */
export async function selectBlocks(
  connection: Connection,
  { from, to, most }: { from: number; to: number; most: number },
): Promise<number[][]> {
  const rows = await run(
    connection,
    'patient-index-blocks',
    `select array_agg(person) from patient_index.block where key >= $1 and key < $2
     group by key having count(*) between 2 and $3`,
    [from, to, most],
  );
  return rows.map((row) => (row[0] as (string | number)[]).map(Number));
}

export async function selectPersons(connection: Connection, persons: readonly number[]): Promise<PersonRow[]> {
  const column = new Int8Column();
  for (const person of persons) column.push(person);
  const rows = await run(
    connection,
    'patient-index-persons',
    'select person, id, features from patient_index.person where person = any ($1::int8[])',
    [column.toBuffer()],
  );
  return rows.map(toPerson);
}

/** Whoever registers a person with one of these keys waits for others that do; keys in their order, against deadlocks. */
export async function lockKeys(connection: Connection, keys: readonly number[]): Promise<void> {
  const column = new Int8Column();
  for (const key of [...keys].sort((left, right) => left - right)) column.push(key);
  await run(
    connection,
    'patient-index-lock',
    `select pg_advisory_xact_lock(hashtextextended('patient_index.block', key)) from unnest($1::int8[]) as wanted (key)`,
    [column.toBuffer()],
  );
}
