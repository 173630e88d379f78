import { type Compiled, conjunction } from './compiled.ts';
import type { NearCondition } from './condition.ts';
import type { SqlBuilder } from './sql-builder.ts';

/** The mean radius of the earth in metres (IUGG): the great circle is within half a per cent of the way over WGS84. */
export const earthRadius = 6_371_008.8;

const degrees = 180 / Math.PI;

/** The index finds what lies between two latitudes, since no distance reaches beyond; the rest is calculated. */
export function compileNear(sql: SqlBuilder, { paths, latitude, longitude, distance }: NearCondition): Compiled {
  const onPaths = sql.bind(paths, 'int4[]');
  const angle = distance / earthRadius;
  const [north, east] = [sql.bind(latitude, 'float8'), sql.bind(longitude, 'float8')];
  const south = sql.bind(latitude - angle * degrees - margin, 'float8');
  const far = sql.bind(latitude + angle * degrees + margin, 'float8');
  const most = sql.bind(haversine(angle), 'float8');
  const conditions = (row: string): string[] => [
    `${row}.latitude between ${south} and ${far}`,
    // Of the shape of the earth only the sine of half the angles counts: the poles and the date line need no care.
    `power(sind((${row}.latitude - ${north}) / 2), 2) + cosd(${north}) * cosd(${row}.latitude) * power(sind((${row}.longitude - ${east}) / 2), 2) <= ${most}`,
  ];
  return {
    probe: (rid) => {
      const row = sql.alias('r');
      return `exists (select from fhir.position ${row} where ${conjunction([`${row}.rid = ${rid}`, `${row}.path = any (${onPaths})`, ...conditions(row)])}${sql.barrier})`;
    },
    rows: (limit) => {
      const path = sql.alias('p');
      const row = sql.alias('r');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.position ${row} where ${conjunction([`${row}.path = ${path}.path`, ...conditions(row)])} order by ${row}.latitude, ${row}.rid${cut}`;
      return {
        query: `select s.rid from unnest(${onPaths}) ${path} (path) cross join lateral (${scan}) s${cut}`,
        complete: [],
      };
    },
  };
}

/** A millimetre, in degrees: what lies on the edge is left to the calculation. */
const margin = 1e-8;

/** Half the way round the earth reaches everything. */
const haversine = (angle: number): number => (angle >= Math.PI ? 1.1 : Math.sin(angle / 2) ** 2 * (1 + 1e-12));
