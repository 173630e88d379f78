import type { Address } from 'fhir/r4.js';
import type { Division } from './divisions.ts';
import { type Extension, extensionBase } from './fhir.ts';
import { systems } from './systems.ts';

/** An address in a division, in characters, with the code of the division. */
export function addressIn(division: Division, line: string, use: 'home' | 'work'): Address {
  const path = pathOf(division);
  const [province, city, county, township, village] = path;
  const places = [township, village].flatMap((place) => place?.name.zh ?? []);
  return {
    extension: [divisionExtension(division)],
    use,
    type: 'physical',
    text: `${path.map((place) => place.name.zh).join('')}${line}`,
    line: [`${places.join('')}${line}`],
    ...(city && { city: city.name.zh }),
    ...(county && { district: county.name.zh }),
    ...(province && { state: province.name.zh }),
    country: 'CN',
  };
}

/** The division as GB/T 2260 and GB/T 10114 code it, with 2 to 12 digits. */
export function divisionExtension({ code, name }: Division): Extension {
  const coding = { system: systems.division, code, display: name.zh };
  return { url: `${extensionBase}division`, valueCoding: coding };
}

function pathOf(division: Division): Division[] {
  return division.parent === undefined ? [division] : [...pathOf(division.parent), division];
}
