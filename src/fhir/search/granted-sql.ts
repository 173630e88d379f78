import { type Compiled, conjunction } from './compiled.ts';
import type { GrantedCondition } from './condition.ts';
import { liveProbe } from './resource-sql.ts';
import { keyRange, pathBase, ridMask, type SqlBuilder } from './sql-builder.ts';

/** One look-up of the patient, and one of what is open to whom. */
export function compileGranted(sql: SqlBuilder, condition: GrantedCondition): Compiled {
  const keys = sql.bind(condition.keys, 'int8[]');
  const at = sql.bind(condition.at, 'int8');
  const holds = (grant: string): string => `${grant}.low <= ${at} and ${grant}.high > ${at}`;
  const isOpen = (patient: string, rid: string): string => {
    const row = sql.alias('g');
    const period = withinPeriod(sql, condition, row, rid);
    return `exists (select from fhir.access_grant ${row} where ${conjunction([`${row}.patient = ${patient}`, `${row}.key = any (${keys})`, holds(row), period])}${sql.barrier})`;
  };
  const patients = (limit?: number): string =>
    `select distinct g.patient as rid from fhir.access_grant g where g.key = any (${keys}) and ${holds('g')}${sql.cut(limit)}`;
  if (condition.paths.length === 0) {
    return {
      probe: (rid) => isOpen(rid, rid),
      rows: (limit) => ({
        query: `select o.rid from (${patients(limit)}) o where ${liveProbe(sql, 'o.rid')}`,
        complete: [],
        isDistinct: true,
      }),
    };
  }
  const probe = (rid: string): string =>
    either(
      condition.paths.map((path) => {
        const row = sql.alias('f');
        const { first, last } = keyRange(path, 'Patient');
        return `exists (select from fhir.reference ${row} where ${row}.rid = ${rid} and ${row}.key between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')} and ${isOpen(`(${row}.key & ${ridMask})`, rid)}${sql.barrier})`;
      }),
    );
  return {
    probe,
    rows: (limit) => {
      const open = sql.table('open', patients(limit));
      const bases = `unnest(${sql.bind(condition.paths.map(pathBase), 'int8[]')}) b (base)`;
      const cut = sql.cut(limit);
      const found = `select m.rid from ${open} t cross join ${bases} cross join lateral (select rid from fhir.reference where key = b.base + t.rid${cut}) m`;
      // What is open within a period only is looked at once more.
      const query = `select q.rid from (${found}) q where ${probe('q.rid')}${cut}`;
      return {
        query,
        complete: limit === undefined ? [] : [`(select count(*) from ${open}) <= ${sql.bind(limit, 'int8')}`],
      };
    },
  };
}

/** What is open for a period of data only is dated in it; a resource without a date is not. */
function withinPeriod(sql: SqlBuilder, { dates }: GrantedCondition, grant: string, rid: string): string {
  if (dates.length === 0) return `${grant}.data_low is null`;
  const row = sql.alias('d');
  const paths = sql.bind(dates, 'int4[]');
  return `(${grant}.data_low is null or exists (select from fhir.date ${row} where ${row}.rid = ${rid} and ${row}.path = any (${paths}) and ${row}.low >= ${grant}.data_low and ${row}.low < ${grant}.data_high${sql.barrier}))`;
}

const either = (conditions: readonly string[]): string =>
  conditions.length === 1 ? `${conditions[0]}` : `(${conditions.join(' or ')})`;
