import { describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { searchParameter, searchParametersOf, tokenKey } from '../indexing/index.ts';
import type { Condition } from './condition.ts';
import { parseSearch } from './parse.ts';
import type { SearchInput, SearchRequest } from './request.ts';

const context = {
  registry: { find: searchParameter, ofType: searchParametersOf },
  baseUrl: 'https://record.example/fhir',
  now: Date.UTC(2026, 0, 1),
};

function parse(url: string, handling: SearchInput['handling'] = 'strict'): SearchRequest {
  const [type, query] = url.split('?');
  return parseSearch(
    { ...(type && { type }), parameters: [...new URLSearchParams(query)], handling, restriction: undefined },
    context,
  );
}

const conditionOf = (url: string): Condition => parse(url).condition;

function pathOf(type: string, code: string): number {
  const path = searchParameter(type, code)?.branches[0]?.path;
  if (path === undefined) throw new Error(`${type} has no parameter ${code}`);
  return path;
}

describe('a criterion', () => {
  it('of a code with its system is one key', () => {
    const keys = [tokenKey(pathOf('Observation', 'code'), 'http://loinc.org', '8302-2')];
    expect(conditionOf('Observation?code=http://loinc.org|8302-2')).toMatchObject({ is: 'token', keys, codes: [] });
  });

  it('of a code alone asks the dictionary', () => {
    expect(conditionOf('Observation?code=8302-2,8480-6')).toMatchObject({
      is: 'token',
      keys: [],
      paths: [pathOf('Observation', 'code')],
      codes: ['8302-2', '8480-6'],
    });
  });

  it('of an element whose system is implied is one key, whatever system is written', () => {
    const keys = [tokenKey(pathOf('Patient', 'gender'), '', 'male')];
    expect(conditionOf('Patient?gender=male')).toMatchObject({ keys });
    expect(conditionOf('Patient?gender=http://hl7.org/fhir/administrative-gender|male')).toMatchObject({ keys });
  });

  it('knows the alternatives, the escapes and the empty values', () => {
    expect(conditionOf('Patient?family:exact=a\\,b,,c')).toMatchObject({
      is: 'any',
      conditions: [{ written: 'a,b' }, { written: 'c' }],
    });
  });

  it('of a string is normalised', () => {
    expect(conditionOf('Patient?family=MÜLLER')).toMatchObject({ match: 'starts', value: 'muller' });
  });

  it('of a reference to this server loses the base URL', () => {
    const targets = [{ path: pathOf('Observation', 'subject'), type: 'Patient', id: '1' }];
    for (const value of ['Patient/1', 'https://record.example/fhir/Patient/1']) {
      expect(conditionOf(`Observation?subject=${value}`)).toEqual({ is: 'reference', targets });
    }
  });

  it('of a reference to another server is a text', () => {
    const keys = [tokenKey(pathOf('Observation', 'subject'), '', 'http://elsewhere/Patient/1')];
    expect(conditionOf('Observation?subject=http://elsewhere/Patient/1')).toMatchObject({ is: 'token', keys });
  });

  it('that is repeated must hold twice', () => {
    expect(conditionOf('Observation?date=ge2024&date=lt2025')).toMatchObject({
      is: 'all',
      conditions: [{ test: { prefix: 'ge' } }, { test: { prefix: 'lt' } }],
    });
  });

  it('may be a chain of any depth', () => {
    expect(conditionOf('Observation?encounter:Encounter.service-provider.name=x')).toMatchObject({
      is: 'chain',
      type: 'Encounter',
      condition: { is: 'chain', type: 'Organization', condition: { is: 'string', value: 'x' } },
    });
  });

  it('follows a chain without type to all types that have the parameter', () => {
    expect(conditionOf('Observation?subject.name=x')).toMatchObject({
      is: 'any',
      conditions: [{ type: 'Patient' }, { type: 'Location' }],
    });
    expect(conditionOf('Observation?patient.name=x')).toMatchObject({ is: 'chain', type: 'Patient' });
  });

  it('may ask for what refers to the resource', () => {
    expect(conditionOf('Patient?_has:Observation:patient:_has:Provenance:target:agent=Practitioner/1')).toMatchObject({
      is: 'reverse',
      type: 'Observation',
      target: 'Patient',
      condition: { is: 'reverse', type: 'Provenance', target: 'Observation' },
    });
  });
});

describe('the form of the result', () => {
  it('is read', () => {
    const request = parse('Observation?_count=5&_sort=-date,code&_total=accurate&_summary=text&_elements=code,subject');
    expect(request).toMatchObject({
      count: 5,
      sort: [
        { source: 'date', descending: true },
        { source: 'token', descending: false },
      ],
      total: 'accurate',
      summary: 'text',
      elements: ['code', 'subject'],
    });
  });

  it('has no more than 1000 entries a page, and says so', () => {
    const { count, issues } = parse('Patient?_count=100000');
    expect(count).toBe(1000);
    expect(issues[0]?.diagnostics).toContain('1000');
  });

  it('includes what is referred to, and what refers', () => {
    const { includes } = parse(
      'Observation?_include=Observation:patient&_revinclude:iterate=Provenance:target&_include=*',
    );
    expect(includes).toMatchObject([
      { direction: 'forward', iterate: false, sourceType: 'Observation', targetType: 'Patient' },
      { direction: 'reverse', iterate: true, sourceType: 'Provenance', targetType: undefined },
      { direction: 'forward', paths: undefined },
    ]);
  });

  it('keeps what was understood for the links, the cursor apart', () => {
    const cursor = Buffer.from('[1,[]]').toString('base64url');
    expect(parse(`Patient?name=a&_cursor=${cursor}&_count=2`).understood).toEqual([
      ['name', 'a'],
      ['_count', '2'],
    ]);
  });
});

describe('what is not understood', () => {
  it.each([
    'Patient?nonsense=1',
    'Patient?_nonsense=1',
    'Patient?name=',
    'Patient?_sort=nonsense',
    'Patient?_include=Patient:nonsense',
    'Patient?_revinclude=Nonsense:patient',
    'Patient?organization.nonsense=1',
    'Patient?_has:Observation:device:code=1',
  ])('is named and passed over by a lenient search, refused by a strict one: %s', (url) => {
    const { issues, understood, condition, sort, includes } = parse(url, 'lenient');
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ severity: 'warning', code: 'not-supported' });
    expect({ understood, condition, sort, includes }).toEqual({
      understood: [],
      condition: { is: 'all', conditions: [] },
      sort: [],
      includes: [],
    });
    expect(() => parse(url)).toThrow(Failure);
  });

  it.each([
    ['a date that does not exist', 'Patient?birthdate=2023-02-30', 'value'],
    ['no number', 'RiskAssessment?probability=abc', 'value'],
    ['no quantity', 'Observation?value-quantity=1|a|b|c', 'value'],
    ['no token', 'Observation?code=a|b|c', 'value'],
    ['a modifier that R4 does not have there', 'Patient?birthdate:exact=2023', 'not-supported'],
    ['a modifier that does not exist', 'Patient?name:nonsense=a', 'not-supported'],
    ['terminology that is not there', 'Observation?code:in=http://x', 'not-supported'],
    ['contained resources', 'Patient?_contained=true', 'not-supported'],
    ['the containers of contained resources', 'Patient?_containedType=container', 'not-supported'],
    ['a chain through a string', 'Patient?name.family=a', 'not-supported'],
    ['a count that is none', 'Patient?_count=-1', 'value'],
    ['another total', 'Patient?_total=maybe', 'value'],
    ['a type that does not exist', '?_type=Nonsense', 'value'],
    ['missing what', 'Patient?name:missing=perhaps', 'value'],
    ['a forged cursor', 'Patient?_cursor=abc', 'value'],
    ['NUL', 'Patient?name=a%00b', 'value'],
    ['too many alternatives', `Patient?_id=${'a,'.repeat(1001)}`, 'too-costly'],
    ['a chain without end', `Observation?${'has-member.'.repeat(9)}code=a`, 'too-costly'],
    ['a reverse chain in pieces', 'Patient?_has:Observation:patient=1', 'value'],
  ])('fails where it cannot be meant, lenient or not: %s', (_, url, code) => {
    for (const handling of ['lenient', 'strict'] as const) {
      expect(() => parse(url, handling)).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ code })] }),
      );
    }
  });
});

describe('a compartment', () => {
  it('is what one of its parameters ties to the resource', () => {
    const { condition } = parseSearch(
      {
        type: 'Observation',
        compartment: { type: 'Patient', id: '1' },
        parameters: [],
        handling: 'strict',
        restriction: undefined,
      },
      context,
    );
    expect(condition).toMatchObject({ is: 'any', conditions: [{ is: 'reference' }, { is: 'reference' }] });
  });
});
