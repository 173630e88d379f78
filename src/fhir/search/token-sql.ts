import type { Compiled } from './compiled.ts';
import type { TextCondition, TokenCondition } from './condition.ts';
import { compileKeys } from './key-sql.ts';
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
 * `:text`. The dictionary knows which texts were seen beside a key, not beside which of its resources: so the content is
 * read, too. https://hl7.org/fhir/R4/search.html#token
 */
export function compileText(sql: SqlBuilder, { paths, text }: TextCondition): Compiled {
  const found = sql.table(
    'texts',
    `select key, to_json(original)::text as quoted from fhir.token_text where path = any (${sql.bind(paths, 'int4[]')}) and strpos(value, ${sql.bind(text, 'text')}) > 0`,
  );
  const written = (row: string, rid: string): string => {
    const resource = sql.alias('c');
    return `strpos((select content from fhir.resource ${resource} where ${resource}.rid = ${rid}), substr(${row}.quoted, 2, length(${row}.quoted) - 2)) > 0`;
  };
  const rows = (limit: string, rid?: string): string => {
    const row = sql.alias('x');
    const token = sql.alias('k');
    const exact = rid ? ` and rid = ${rid}` : '';
    return `select ${token}.rid from ${found} ${row} cross join lateral (select rid from fhir.token where key = ${row}.key${exact}${sql.barrier}) ${token} where ${written(row, `${token}.rid`)}${limit}`;
  };
  return {
    probe: (rid) => `exists (${rows(sql.barrier, rid)})`,
    rows: (limit) => ({ query: rows(sql.cut(limit)), complete: [] }),
  };
}
