import type { Compiled } from './compiled.ts';
import { conjunction } from './compiled.ts';
import type { Condition, StringCondition } from './condition.ts';
import type { SqlBuilder } from './sql-builder.ts';

/** As many characters of a value stand in the index. */
const indexedLength = 64;

const start = (text: string): string => [...text].slice(0, indexedLength).join('');

/** Nothing that begins with the text sorts after it: U+10FFFF is no character. */
const afterAll = (text: string): string => `${text}\u{10ffff}`;

export function compileString(sql: SqlBuilder, condition: StringCondition): Compiled {
  const onPaths = sql.bind(condition.paths, 'int4[]');
  const compare = comparison(sql, condition);
  return {
    probe: (rid) => {
      const row = sql.alias('s');
      return `exists (select from fhir.string ${row} where ${conjunction([`${row}.rid = ${rid}`, `${row}.path = any (${onPaths})`, ...compare(row)])}${sql.barrier})`;
    },
    rows: (limit) => {
      const path = sql.alias('p');
      const row = sql.alias('s');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.string ${row} where ${conjunction([`${row}.path = ${path}.path`, ...compare(row)])} order by left(${row}.value, ${indexedLength}), ${row}.rid${cut}`;
      return {
        query: `select s.rid from unnest(${onPaths}) ${path} (path) cross join lateral (${scan}) s${cut}`,
        complete: [],
      };
    },
  };
}

/** With more alternatives than this, they go into the statement as a list. */
const fewAlternatives = 4;

/** Alternatives on the same paths that the indexed start of a value decides, or together with what was written: as one. */
export function mergeableStrings(conditions: readonly Condition[]): readonly StringCondition[] | undefined {
  if (conditions.length <= fewAlternatives) return undefined;
  const strings = conditions.filter((condition) => condition.is === 'string');
  const [first] = strings;
  const isAlike = ({ match, value, paths }: StringCondition): boolean =>
    (match === 'starts' || match === 'equals') && start(value) === value && `${paths}` === `${first?.paths}`;
  return strings.length === conditions.length && strings.every(isAlike) ? strings : undefined;
}

export function compileStrings(sql: SqlBuilder, conditions: readonly StringCondition[]): Compiled {
  const onPaths = sql.bind(conditions[0]?.paths ?? [], 'int4[]');
  const bind = (texts: readonly (string | null)[]): string => sql.bind(texts, 'text[]');
  const firsts = bind(conditions.map(({ value }) => value));
  const lasts = bind(conditions.map(({ match, value }) => (match === 'starts' ? afterAll(value) : value)));
  const originals = bind(
    conditions.map(({ match, value, written }) => (match === 'equals' ? (written ?? value) : null)),
  );
  const alternative = sql.alias('v');
  const wanted = `unnest(${firsts}, ${lasts}, ${originals}) ${alternative} (first, last, original)`;
  const isMet = (row: string): string => {
    const indexed = `left(${row}.value, ${indexedLength})`;
    const isWritten = `coalesce(coalesce(${row}.original, ${row}.value) = ${alternative}.original collate "C", true)`;
    return `${indexed} >= ${alternative}.first collate "C" and ${indexed} <= ${alternative}.last collate "C" and ${isWritten}`;
  };
  return {
    probe: (rid) => {
      const row = sql.alias('s');
      return `exists (select from fhir.string ${row} where ${row}.rid = ${rid} and ${row}.path = any (${onPaths}) and exists (select from ${wanted} where ${isMet(row)})${sql.barrier})`;
    },
    rows: (limit) => {
      const path = sql.alias('p');
      const row = sql.alias('s');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.string ${row} where ${row}.path = ${path}.path and ${isMet(row)}${cut || ' offset 0'}`;
      return {
        query: `select s.rid from unnest(${onPaths}) ${path} (path) cross join ${wanted} cross join lateral (${scan}) s${cut}`,
        complete: [],
      };
    },
  };
}

/** SQL conditions on a row: the first ones on the indexed start of the value, then what they leave open. */
function comparison(sql: SqlBuilder, { match, value, written }: StringCondition): (row: string) => readonly string[] {
  const indexed = (row: string): string => `left(${row}.value, ${indexedLength})`;
  switch (match) {
    case 'contains': {
      const whole = sql.bind(value, 'text');
      return (row) => [`strpos(${row}.value, ${whole}) > 0`];
    }
    case 'ends': {
      const ending = sql.bind(value, 'text');
      return (row) => [`right(${row}.value, length(${ending})) = ${ending}`];
    }
    case 'same': {
      const beginning = sql.bind(start(value), 'text');
      const whole = sql.bind(value, 'text');
      return (row) => [`${indexed(row)} = ${beginning}`, `${row}.value = ${whole}`];
    }
    case 'starts':
      return startsWith(sql, value, indexed);
    case 'equals': {
      const beginning = sql.bind(start(value), 'text');
      const original = sql.bind(written ?? value, 'text');
      return (row) => [`${indexed(row)} = ${beginning}`, `coalesce(${row}.original, ${row}.value) = ${original}`];
    }
    case 'above': {
      const beginnings = [...new Set(Array.from(start(value), (_, index) => [...value].slice(0, index + 1).join('')))];
      const list = sql.bind(beginnings, 'text[]');
      const whole = sql.bind(value, 'text');
      return (row) => [`${indexed(row)} = any (${list})`, `starts_with(${whole}, ${row}.value)`];
    }
  }
}

/** SQL conditions on a row: its value begins with a text. */
export function startsWith(
  sql: SqlBuilder,
  value: string,
  indexed: (row: string) => string,
): (row: string) => readonly string[] {
  const whole = sql.bind(value, 'text');
  const beginning = start(value);
  if (beginning.length < value.length) {
    const exact = sql.bind(beginning, 'text');
    return (row) => [`${indexed(row)} = ${exact}`, `starts_with(${row}.value, ${whole})`];
  }
  const last = sql.bind(afterAll(value), 'text');
  return (row) => [`${indexed(row)} >= ${whole}`, `${indexed(row)} < ${last}`];
}
