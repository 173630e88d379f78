import { unitScale } from '#lib/ucum/index.ts';
import { ucumSystem } from '../indexing/index.ts';
import { conjunction } from './compiled.ts';
import type { RangeTest, UnitTest } from './condition.ts';
import type { SqlBuilder } from './sql-builder.ts';

/**
 * Numbers are kept as they were written, with the number of their unit. A search for a UCUM unit is one for each unit of
 * the same dimension that was ever written, with the bounds in that unit: a table of `low`, `high` and `units`.
 */
export function unitBounds(sql: SqlBuilder, test: RangeTest, unit: UnitTest): string | undefined {
  const scale = unit.system === ucumSystem && unit.code !== undefined ? unitScale(unit.code) : undefined;
  if (!scale) return undefined;
  const { dimension, factor, shift } = scale;
  const same = `factor = ${sql.bind(factor, 'float8')} and shift = ${sql.bind(shift, 'float8')}`;
  const inUnit = (bound: number): string => {
    const base = sql.bind(withinReason(factor * bound + shift), 'float8');
    return `case when ${same} then ${sql.bind(bound, 'float8')} else ${rounded(`(${base} - shift) / factor`)} end`;
  };
  const units = `select unit, ${inUnit(test.from)} as low, ${inUnit(test.to)} as high from fhir.unit where dimension = ${sql.bind(dimension, 'text')}`;
  return sql.table('units', `select low, high, array_agg(unit) as units from (${units}) u group by low, high`);
}

/** Twelve digits: what is equal by calculation is equal, though binary fractions are not exact. */
const rounded = (number: string): string => `to_char(${number}, '9.99999999999EEEE')::float8`;

/** Divided by whatever factor a unit has (10^-40 to 10^40), the exponent must keep its two digits. */
function withinReason(value: number): number {
  if (Math.abs(value) < 1e-50) return 0;
  return Math.max(-1e50, Math.min(1e50, value));
}

/** The numbers of the units that are meant: a code without a system also stands for the printed unit. */
export function unitList(sql: SqlBuilder, { system, code }: UnitTest): string {
  const conditions: string[] = [];
  if (system !== undefined) conditions.push(`system = ${sql.bind(system, 'text')}`);
  if (code !== undefined) {
    const wanted = sql.bind(code, 'text');
    conditions.push(system === undefined ? `(code = ${wanted} or name = ${wanted})` : `code = ${wanted}`);
  }
  const table = sql.table('units', `select array(select unit from fhir.unit where ${conjunction(conditions)}) as list`);
  return `(select list from ${table})::int4[]`;
}
