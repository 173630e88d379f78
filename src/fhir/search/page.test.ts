import { describe, expect, it } from 'vitest';
import { searchParameter, searchParametersOf } from '../indexing/index.ts';
import { countStatement, matchesStatement } from './count.ts';
import { pageStatement } from './page.ts';
import { parseSearch } from './parse.ts';
import type { SearchRequest } from './request.ts';
import { noStatistics, type Statistics } from './statistics.ts';

const context = { registry: { find: searchParameter, ofType: searchParametersOf }, baseUrl: 'http://x', now: 0 };

function parse(url: string): SearchRequest {
  const [type, query] = url.split('?');
  return parseSearch(
    { ...(type && { type }), parameters: [...new URLSearchParams(query)], handling: 'strict', restriction: undefined },
    context,
  );
}

const million: Statistics = { ...noStatistics, resources: 1_000_000, tokenDefault: 20_000 };
const cursor = (value: unknown[]): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const representative = [
  'Patient?',
  'Patient?identifier=urn:mrn|1',
  'Patient?name=smi&gender=male',
  'Patient?family=a,b,c,d,e,smi',
  'Observation?patient=1&code=http://loinc.org|8302-2',
  'Observation?subject=Patient/1&code=8302-2&_sort=-date',
  `Observation?code=8302-2&_sort=-date,_id&_cursor=${cursor([7, ['5', 'a']])}`,
  'Observation?value-quantity=gt5.4||cm&date=ge2024-01',
  'Observation?patient.name=smi&code=8302-2',
  'Observation?code:text=height',
  'Observation?code:not=8302-2',
  'Observation?status:not=final',
  'Observation?code:missing=true',
  'Observation?subject:missing=true&_sort=date',
  'Patient?_has:Observation:patient:code=8302-2',
  'Patient?birthdate:missing=true&_sort=name',
  'Observation?_sort=status,-date',
  'ValueSet?url:above=http://a/b/c',
  '?_type=Patient,Observation&_id=1,2',
  '?_lastUpdated=gt2024',
  'Observation?value-quantity=70|http://unitsofmeasure.org|kg',
  'Observation?component-code-value-quantity=http://loinc.org|8480-6$gt140',
  'Observation?code-value-quantity=8302-2$lt5|http://unitsofmeasure.org|cm&_sort=-date',
  'Observation?combo-code-value-concept=http://loinc.org|a$http://loinc.org|b',
  'Observation?code-value-string=8302-2$height',
  'Location?near=45|7|5|km',
];

describe('the statement of a page', () => {
  it.each(representative)('of %s', (url) => {
    expect(`${pageStatement(parse(url), million).text}\n`).toMatchSnapshot();
  });

  it.each(representative)('names every bound value, and no value stands in the text: %s', (url) => {
    const { text, values } = pageStatement(parse(url), million);
    const named = new Set([...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
    expect([...named].sort((left, right) => left - right)).toEqual(values.map((_, index) => index + 1));
    expect(text).not.toMatch(/smi|8302|urn:mrn|height|http/);
  });

  it('is the same for other values, so that its plan is kept', () => {
    const textOf = (url: string): string => pageStatement(parse(url), million).text;
    expect(textOf('Patient?name=smi&birthdate=2000')).toBe(textOf('Patient?name=o%27neil&birthdate=1990-01'));
    expect(textOf('Observation?code=a,b')).toBe(textOf('Observation?code=c,d,e,f'));
  });
});

describe('the statement of a count', () => {
  it.each(['Observation?code=http://loinc.org|8302-2', 'Observation?patient.name=smi&code=8302-2', 'Patient?'])(
    'of %s',
    (url) => {
      expect(`${countStatement(matchesStatement(parse(url), million)).text}\n`).toMatchSnapshot();
    },
  );
});
