import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { generateDuplicates } from '#population/duplicates/generate-duplicates.ts';
import { type LabelledRecord, measurePairwise, printPairwise } from './record-linkage/pairwise.ts';
import { expectScores, type Score } from './scores.ts';
import { hasSharedData, sharedData } from './shared-data.ts';

const folder = 'record-linkage/febrl';
const misses: Record<string, string> = JSON.parse(
  readFileSync(new URL('./record-linkage-misses.json', import.meta.url), 'utf8'),
);

/** Records of persons who do not exist, by FEBRL (Australian National University); the names say whose each is. */
function readFebrl(set: string): LabelledRecord[] {
  const [head = '', ...lines] = readFileSync(`${sharedData}${folder}/${set}.csv`, 'utf8').trim().split('\n');
  const columns = head.split(',').map((column) => column.trim());
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    const row = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
    const name = row.rec_id ?? '';
    return { name, person: name.split('-')[1] ?? '', patient: febrlPatient(row) };
  });
}

function febrlPatient(row: Record<string, string>): JsonObject {
  const cell = (name: string): string => row[name] ?? '';
  const date = cell('date_of_birth');
  const lines = [`${cell('street_number')} ${cell('address_1')}`.trim(), cell('address_2')].filter(
    (line) => line !== '',
  );
  const place = { city: cell('suburb'), postalCode: cell('postcode'), state: cell('state') };
  const number = cell('soc_sec_id');
  return {
    resourceType: 'Patient',
    name: [{ family: cell('surname'), given: [cell('given_name')].filter((given) => given !== '') }],
    ...(date.length === 8 && { birthDate: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` }),
    address: [{ ...(lines.length > 0 && { line: lines }), ...place }],
    ...(number !== '' && { identifier: [{ system: 'urn:social-security', value: number }] }),
  };
}

describe.skipIf(!hasSharedData(folder))('record linkage of FEBRL', () => {
  const scores: Record<string, Score> = {};

  test.each(['dataset1', 'dataset2'])('%s: F1 of pairs is at least 0.97, learnt without labels', async (set) => {
    const result = await measurePairwise(readFebrl(set), set);
    printPairwise(set, result);
    expect(result.f1).toBeGreaterThanOrEqual(0.97);
    expect(result.bands.link.two, 'wrong links').toBe(0);
    const missed = Object.entries(result.missed).map(([name, reason]) => [`${set}: ${name}`, reason]);
    const listed = Object.entries(misses).filter(([name]) => name.startsWith(`${set}: `));
    expect(Object.fromEntries(missed)).toEqual(Object.fromEntries(listed));
    scores[set] = [result.truePairs - missed.length, result.truePairs];
  });

  test('finds as many pairs as are written down', () => {
    expectScores('record-linkage', scores);
  });
});

describe('records of residents with the errors of registration', () => {
  test.each([1, 2])('seed %i: F1 of pairs is at least 0.97, and no twin is merged', async (seed) => {
    const records = [...generateDuplicates({ seed, residents: 6000, now: '2026-11-25' })].map(
      ({ person, patient, errors }): LabelledRecord => ({
        person,
        name: `${patient.id} ${errors.join('+')}`,
        patient: JSON.parse(JSON.stringify(patient)) as JsonObject,
      }),
    );
    const result = await measurePairwise(records, `${seed}`);
    printPairwise(`residents, seed ${seed}`, result);
    expect(result.f1).toBeGreaterThanOrEqual(0.97);
    expect(result.bands.link.two, 'wrong links').toBe(0);
    // A twin is named after the other, with a t at the end of the id.
    expect(result.wrong.filter((name) => /t(?:-\w+)? /.test(name))).toEqual([]);
  });
});
