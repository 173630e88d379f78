import type { Pool } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { CodeRange } from './data-category.ts';

/** Adds what is new; gives those that stand there under another number, or whose number another has. */
export async function syncCategories(
  pool: Pool,
  categories: readonly { readonly code: string; readonly number: number }[],
): Promise<string[]> {
  const rows = await run<[string]>(
    pool,
    'access.sync-categories',
    `with wanted as (
       select * from unnest($1::text[], $2::int2[]) as w (code, number)
     ), added as (
       insert into access.data_category (code, number) select code, number from wanted on conflict do nothing
       returning code, number
     )
     select code from wanted
     where not exists (select from access.data_category d where d.code = wanted.code and d.number = wanted.number)
       and not exists (select from added a where a.code = wanted.code)
     order by code`,
    [categories.map(({ code }) => code), categories.map(({ number }) => number)],
  );
  return rows.map(([code]) => code);
}

/** Where a code of a range would stand in the index; `name` is the asker's. */
export interface CodeQuestion extends CodeRange {
  readonly name: string;
  readonly path: number;
}

/** The keys of codes in these ranges that the record knows, under the names of the questions. */
export async function selectKeys(pool: Pool, questions: readonly CodeQuestion[]): Promise<Map<string, bigint[]>> {
  const rows = await run<[string, string[]]>(
    pool,
    'access.category-keys',
    `select w.name, array_agg(distinct t.key)
     from unnest($1::text[], $2::int4[], $3::text[], $4::text[], $5::text[]) as w (name, path, system, first, until)
       cross join lateral (
         select key from fhir.token_code c
         where c.path = w.path and c.code >= w.first collate "C" and c.code < w.until collate "C" and c.system = w.system
         offset 0
       ) t
     group by w.name`,
    [
      questions.map(({ name }) => name),
      questions.map(({ path }) => path),
      questions.map(({ system }) => system),
      questions.map(({ from }) => from),
      questions.map(({ until }) => until),
    ],
  );
  return new Map(rows.map(([name, keys]) => [name, keys.map(BigInt)]));
}
