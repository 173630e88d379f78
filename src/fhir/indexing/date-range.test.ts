import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DateRange, dateRange, searchDateBounds } from './date-range.ts';

const micros = (instant: string) => Date.parse(instant) * 1000;

describe('dateRange', () => {
  it.each([
    ['1980', '1980-01-01T00:00:00Z', '1981-01-01T00:00:00Z'],
    ['2024-02', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1900-02', '1900-02-01T00:00:00Z', '1900-03-01T00:00:00Z'],
    ['2000-02-29', '2000-02-29T00:00:00Z', '2000-03-01T00:00:00Z'],
    ['2023-12', '2023-12-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['1965-06-30', '1965-06-30T00:00:00Z', '1965-07-01T00:00:00Z'],
    ['2024-03-01T08:30:00+08:00', '2024-03-01T00:30:00Z', '2024-03-01T00:30:01Z'],
    ['2024-02-29T20:00:00-05:00', '2024-03-01T01:00:00Z', '2024-03-01T01:00:01Z'],
    ['2024-02-29T20:00:00Z', '2024-02-29T20:00:00Z', '2024-02-29T20:00:01Z'],
    ['2024-02-29T20:00', '2024-02-29T20:00:00Z', '2024-02-29T20:01:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z', '2017-01-01T00:00:01Z'],
    ['9999-12-31', '9999-12-31T00:00:00Z', '+010000-01-01T00:00:00Z'],
  ])('%s reaches from %s to %s', (text, low, high) => {
    expect(dateRange(text)).toEqual({ low: micros(low), high: micros(high) });
  });

  it('takes a fraction of a second as a point', () => {
    const low = micros('2024-03-01T00:00:00.500Z');
    expect(dateRange('2024-03-01T00:00:00.5Z')).toEqual({ low, high: low + 1 });
    expect(dateRange('2024-03-01T00:00:00.500123Z')).toEqual({ low: low + 123, high: low + 124 });
    expect(dateRange('2024-03-01T00:00:00.500123999Z')).toEqual({ low: low + 123, high: low + 124 });
  });

  it.each([
    '2023-02-29',
    '2023-02-30',
    '1900-02-29',
    '2023-13',
    '2023-00',
    '2023-1-1',
    '0000',
    '24',
    '2023-01-01T24:00:00Z',
    '2023-01-01T10:60:00Z',
    '2023-01-01T10:00:61Z',
    '2023-01-01T10:00:00+15:00',
    '2023-01-01 10:00:00',
    '2023-01-01T10',
    'today',
    '',
  ])('does not take %j for a date', (text) => {
    expect(dateRange(text)).toBeUndefined();
  });
});

describe('searchDateBounds', () => {
  it('says what to write instead of a wrong date', () => {
    expect(() => searchDateBounds('2023-02-30')).toThrow(/'2023-02-30' is no date: write YYYY/);
  });

  it('takes the blank that an unescaped plus turns into for a plus', () => {
    expect(searchDateBounds('2024-03-01T08:30:00 08:00')).toEqual(dateRange('2024-03-01T00:30:00Z'));
  });

  it('leaves no room between two microseconds', () => {
    const { low } = dateRange('2024-03-01T00:00:00.500001Z') as DateRange;
    expect(searchDateBounds('2024-03-01T00:00:00.5000001Z')).toEqual({ low, high: low });
  });
});

const suite = new URL('../../../../shared/data/fhir-search-vectors/ms-fhir-server/date.json', import.meta.url);

interface DateSuite {
  resources: { id: string; effectiveDateTime?: string; effectivePeriod?: { start: string; end: string } }[];
  tests: { query: string; expect_r4?: string[] }[];
}

/** The operators as searchDateBounds documents them. */
const operators: Record<string, (value: DateRange, search: DateRange) => boolean> = {
  eq: (value, search) => value.low >= search.low && value.high <= search.high,
  ne: (value, search) => value.low < search.low || value.high > search.high,
  lt: (value, search) => value.low < search.low,
  gt: (value, search) => value.high > search.high,
  le: (value, search) => value.low < search.low || value.high <= search.high,
  ge: (value, search) => value.low >= search.low || value.high > search.high,
  sa: (value, search) => value.low >= search.high,
  eb: (value, search) =>
    search.low === search.high
      ? value.high < search.low || (value.high === search.low && value.low === search.low - 1)
      : value.high <= search.low,
};

function readSuite(): DateSuite | undefined {
  try {
    return JSON.parse(readFileSync(suite, 'utf8')) as DateSuite;
  } catch {
    process.stderr.write('Skipped: ../shared/data/fhir-search-vectors is not there\n');
    return undefined;
  }
}

const vectors = readSuite();

describe.skipIf(!vectors)('the bounds with their operators answer the date suite of microsoft/fhir-server', () => {
  const ranges = (vectors?.resources ?? []).map((resource) => {
    const start = dateRange(resource.effectivePeriod?.start ?? resource.effectiveDateTime ?? '') as DateRange;
    const end = dateRange(resource.effectivePeriod?.end ?? resource.effectiveDateTime ?? '') as DateRange;
    return { id: resource.id, range: { low: start.low, high: end.high } };
  });

  const [answered, refused] = [true, false].map((isAnswered) =>
    (vectors?.tests ?? []).filter((test) => (test.expect_r4 !== undefined) === isAnswered),
  );

  // Rows without agree are those where that server leaves R4; their expect_r4 was computed from the specification.
  it.each(answered ?? [])('$query', ({ query, expect_r4 }) => {
    const conditions = [...query.matchAll(/(?<!\w)date=([a-z]{2})?([^&]+)/g)].map((match) => ({
      holds: operators[match[1] ?? 'eq'] as (typeof operators)[string],
      bounds: searchDateBounds(decodeURIComponent(match[2] ?? '')),
    }));
    expect(conditions.length).toBeGreaterThan(0);
    const found = ranges.filter(({ range }) => conditions.every(({ holds, bounds }) => holds(range, bounds)));
    expect(found.map(({ id }) => id).sort()).toEqual([...(expect_r4 ?? [])].sort());
  });

  it.each(refused ?? [])('refuses $query', ({ query }) => {
    expect(() => searchDateBounds(query.replace('birthdate=', ''))).toThrow(/is no date/);
  });
});
