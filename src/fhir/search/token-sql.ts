import { type Compiled, conjunction, type WalkShape } from './compiled.ts';
import type { TextCondition, TokenCondition } from './condition.ts';
import { compileKeys, direction } from './key-sql.ts';
import type { SqlBuilder } from './sql-builder.ts';

export function compileToken(sql: SqlBuilder, { keys, paths, codes, systems }: TokenCondition): Compiled {
  const [first] = keys;
  if (codes.length + systems.length === 0) {
    if (keys.length === 1) return compileKeys(sql, { table: 'token', one: sql.bind(first, 'int8') });
    return compileKeys(sql, { table: 'token', many: sql.bind(keys, 'int8[]'), count: keys.length });
  }
  const onPaths = sql.bind(paths, 'int4[]');
  const parts = keys.length > 0 ? [`select unnest(${sql.bind(keys, 'int8[]')})`] : [];
  for (const [column, wanted] of [['code', codes] as const, ['system', systems] as const]) {
    if (wanted.length === 0) continue;
    parts.push(
      `select key from fhir.token_code where path = any (${onPaths}) and ${column} = any (${sql.bind(wanted, 'text[]')})`,
    );
  }
  const table = sql.table('keys', `select array(${parts.join(' union ')}) as list`);
  return compileKeys(sql, { table: 'token', many: `(select list from ${table})::int8[]` });
}

/**
 * `:text`. A concept's own text has a key of its own. The display of a coding is known to the dictionary only, which does not
 * say which of the key's resources wrote it: so the content is read, too. https://hl7.org/fhir/R4/search.html#token
 */
export function compileText(sql: SqlBuilder, { paths, places, text }: TextCondition): Compiled {
  const found = sql.table(
    'texts',
    `select t.key, t.original, p.place, c.key is null as exact, jsonb_build_object('system', c.system, 'code', c.code, 'display', t.original) as coding from ${placesOf(sql, paths, places)} p (path, place) join fhir.token_text t on t.path = p.path left join fhir.token_code c on c.key = t.key where strpos(t.value, ${sql.bind(text, 'text')}) > 0`,
  );
  const isMeant = (row: string, token: string): string => {
    const resource = sql.alias('c');
    return `(${row}.exact or exists (select from fhir.resource ${resource} where ${resource}.rid = ${token}.rid and ${displayIsIn(`${resource}.content`, row)}${sql.barrier}))`;
  };
  const rows = (limit: string, rid?: string): string => {
    const row = sql.alias('x');
    const token = sql.alias('k');
    const ofResource = rid ? ` and rid = ${rid}` : '';
    return `select ${token}.rid from ${found} ${row} cross join lateral (select rid from fhir.token where key = ${row}.key${ofResource}${sql.barrier}) ${token} where ${isMeant(row, token)}${limit}`;
  };
  const walk = ({ where, descending, limit }: WalkShape): string => {
    const row = sql.alias('x');
    const token = sql.alias('k');
    const walked = sql.alias('m');
    const conditions = [`${token}.key = ${row}.key`, ...where(`${token}.rid`), isMeant(row, token)];
    const order = `order by rid ${direction(descending)} limit ${limit}`;
    return `select distinct ${walked}.rid from ${found} ${row} cross join lateral (select ${token}.rid from fhir.token ${token} where ${conjunction(conditions)} ${order}) ${walked} ${order}`;
  };
  return {
    probe: (rid) => `exists (${rows(sql.barrier, rid)})`,
    walk,
    rows: (limit) => ({ query: rows(sql.cut(limit)), complete: [] }),
  };
}

/** The codings below each place of a path that have this code and display. */
function placesOf(sql: SqlBuilder, paths: readonly number[], places: readonly (readonly string[])[]): string {
  const system = `(@.system == $system || ($system == "" && !exists (@.system)))`;
  const coding = `@.type() == "object" && @.code == $code && @.display starts with $display && ${system}`;
  const numbers = paths.flatMap((path, index) => (places[index] ?? []).map(() => path));
  const found = places.flat().map((place) => `${place}.** ? (${coding})`);
  return `unnest(${sql.bind(numbers, 'int4[]')}, ${sql.bind(found, 'jsonpath[]')})`;
}

/** Searching for the text is cheap, and rules most contents out before they are parsed. Long displays are kept cut. */
function displayIsIn(content: string, row: string): string {
  const quoted = `to_json(${row}.original)::text`;
  return `case when strpos(${content}, substr(${quoted}, 2, length(${quoted}) - 2)) > 0 then jsonb_path_exists(${content}::jsonb, ${row}.place, ${row}.coding) else false end`;
}
