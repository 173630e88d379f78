import { type Compiled, conjunction } from './compiled.ts';
import type { GrantedCondition } from './condition.ts';
import { limitedTable } from './link-sql.ts';
import { liveProbe } from './resource-sql.ts';
import { keyRange, pathBase, ridMask, type SqlBuilder } from './sql-builder.ts';

/** One look-up of the patient, and one of what is open to whom. */
export function compileGranted(sql: SqlBuilder, condition: GrantedCondition): Compiled {
  const keys = sql.bind(condition.keys, 'int8[]');
  const at = sql.bind(condition.at, 'int8');
  const holds = (grant: string): string => `${grant}.low <= ${at} and ${grant}.high > ${at}`;
  const isOpen = (patient: string, rid: string): string => {
    const row = sql.alias('g');
    // Who a patient is, is open whatever the period of the data.
    const period = condition.paths.length === 0 ? [] : [withinPeriod(sql, condition, row, rid)];
    // A patient has few grants that have not ended: they are read once (+ 0), where each key would be looked up.
    return `exists (select from fhir.access_grant ${row} where ${conjunction([`${row}.patient = ${patient}`, `(${row}.key + 0) = any (${keys})`, holds(row), ...period])}${sql.barrier})`;
  };
  const patients = (limit?: number): string =>
    `select distinct g.patient as rid from fhir.access_grant g where g.key = any (${keys}) and ${holds('g')}${sql.cut(limit)}`;
  if (condition.paths.length === 0) {
    return {
      probe: (rid) => isOpen(rid, rid),
      rows: (limit) => {
        const open = limitedTable(sql, 'open', { query: patients(limit), complete: [], isDistinct: true }, limit);
        const query = `select o.rid from ${open.name} o where ${liveProbe(sql, 'o.rid')}`;
        return { query, complete: open.complete, isDistinct: true };
      },
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
      const open = limitedTable(sql, 'open', { query: patients(limit), complete: [], isDistinct: true }, limit);
      const bases = `unnest(${sql.bind(condition.paths.map(pathBase), 'int8[]')}) b (base)`;
      const cut = sql.cut(limit);
      const query = `select m.rid from ${open.name} t cross join ${bases} cross join lateral (select rid from fhir.reference where key = b.base + t.rid${cut}) m${cut}`;
      const found = limitedTable(sql, 'found', { query, complete: open.complete }, limit);
      // What is open within a period only is looked at once more.
      return {
        query: `select q.rid from ${found.name} q where ${probe('q.rid')}`,
        complete: found.complete,
        isDistinct: true,
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
