import type pg from 'pg';
import { normaliseString } from '#fhir/indexing/index.ts';
import { createParameterBook, type IndexRules } from '#fhir/search-parameters/index.ts';
import { rowColumns } from '#fhir/store/columns.ts';
import { Dictionary } from '#fhir/store/dictionary.ts';
import { IndexRows } from '#fhir/store/index-rows.ts';
import { indexTables, insertRows } from '#fhir/store/queries.ts';
import { typeOfRid } from '#fhir/store/rid.ts';
import type { JsonObject } from '#lib/json/index.ts';

/**
 * Indexes the current contents anew, in a transaction that is rolled back, and names the rows in which the index
 * differs: `token: 1 missing of (123,456)`. References go by what the database holds as rid of their targets.
 */
export async function compareWithFreshIndex(pool: pg.Pool): Promise<string[]> {
  const rules = await createParameterBook(pool).loaded();
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read');
    for (const table of indexTables) {
      await client.query(`create temp table stored_${table} on commit drop as select * from fhir.${table}`);
      await client.query(`truncate fhir.${table}`);
    }
    await insertFresh(client, pool, rules);
    const differences: string[] = [];
    for (const table of indexTables) differences.push(...(await compareTable(client, table)));
    return differences;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function insertFresh(client: pg.PoolClient, sideConnection: pg.Pool, rules: IndexRules): Promise<void> {
  const { rows: resources } = await client.query<{ rid: string; name: string; content: string | null }>(
    `select r.rid, r.id as name, r.content from fhir.resource r`,
  );
  const dictionary = new Dictionary();
  const rows = new IndexRows(dictionary, normaliseString);
  const rids = new Map<string, number>();
  for (const { rid, name, content } of resources) {
    const type = typeOfRid(Number(rid));
    rids.set(`${type}/${name}`, Number(rid));
    if (content === null) continue;
    rows.begin(Number(rid));
    const resource = JSON.parse(content) as JsonObject;
    rules.index(resource, rows);
    rows.noteWords(resource, 'narrative');
  }
  await dictionary.flush(sideConnection);
  const columns = rowColumns([], rows, rows.tokens, (name) => rids.get(name) ?? 0, dictionary);
  await insertRows(client, columns);
}

async function compareTable(client: pg.PoolClient, table: string): Promise<string[]> {
  const { rows } = await client.query<{ difference: string }>(
    `select '${table}: missing ' || row::text as difference from (select * from fhir.${table} except all select * from stored_${table}) row
     union all
     select '${table}: too many ' || row::text from (select * from stored_${table} except all select * from fhir.${table}) row
     limit 20`,
  );
  return rows.map(({ difference }) => difference);
}
