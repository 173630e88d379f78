import type { Compiled } from './compiled.ts';
import type { WordsCondition } from './condition.ts';
import type { SqlBuilder } from './sql-builder.ts';
import { printTsquery } from './word-expression.ts';

/** `_text` and `_content`, in PostgreSQL's full text index. */
export function compileWords(sql: SqlBuilder, { source, expression }: WordsCondition): Compiled {
  const query = sql.bind(printTsquery(expression), 'tsquery');
  return {
    probe: (rid) => {
      const row = sql.alias('w');
      return `exists (select from fhir.words ${row} where ${row}.rid = ${rid} and ${row}.${source} @@ ${query}${sql.barrier})`;
    },
    rows: (limit) => ({
      query: `select rid from fhir.words where ${source} @@ ${query}${sql.cut(limit)}`,
      complete: [],
    }),
  };
}
