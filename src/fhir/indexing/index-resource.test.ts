import { describe, expect, it } from 'vitest';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { RecordingSink } from '#testing/recording-sink.ts';
import { indexResource, searchParameter } from './index.ts';

/** What a parameter's paths hold for a resource, second paths included. */
function rowsOf(resource: JsonObject, code: string): string[] {
  const sink = new RecordingSink();
  indexResource(resource, sink);
  const { branches } = searchParameter(resource.resourceType as string, code) ?? { branches: [] };
  return branches.flatMap(({ path, ofTypePath = 0, identifierPath = 0 }) =>
    [path, ofTypePath, identifierPath].flatMap((number) => sink.rows.get(number) ?? []),
  );
}

const patient = (elements: JsonObject): JsonObject => ({ resourceType: 'Patient', ...elements });
const observation = (elements: JsonObject): JsonObject => ({ resourceType: 'Observation', ...elements });

describe('tokens', () => {
  it('of a concept are its codings with their displays, and its text unless a display says the same', () => {
    const coding: JsonObject[] = [
      { system: 'http://loinc.org', code: '8302-2', display: 'Body height' },
      { code: 'height' },
    ];
    expect(rowsOf(observation({ code: { coding, text: 'Body height' } }), 'code')).toEqual([
      'code http://loinc.org|8302-2',
      'text http://loinc.org|8302-2 Body height',
      'code |height',
    ]);
    expect(rowsOf(observation({ code: { text: 'tall' } }), 'code')).toEqual(['text | tall']);
  });

  it('of an identifier are system and value, the text of its type, and the value under its type', () => {
    const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }], text: 'Record' };
    expect(rowsOf(patient({ identifier: [{ system: 'urn:a', value: '123', type }] }), 'identifier')).toEqual([
      'identifier urn:a|123',
      'text | Record',
      'identifier http://terminology.hl7.org/CodeSystem/v2-0203|MR|123',
    ]);
    expect(rowsOf(patient({ identifier: [{ value: '123' }, { system: 'urn:a' }] }), 'identifier')).toEqual([
      'identifier |123',
    ]);
  });

  it('of a resident id number are found as written', () => {
    const identifier = [{ system: 'urn:oid:2.16.156.10011.1.3', value: '11010519491231002X' }];
    expect(rowsOf(patient({ identifier }), 'identifier')).toEqual([
      'identifier urn:oid:2.16.156.10011.1.3|11010519491231002X',
    ]);
  });

  it('of telecom go to the parameters that ask for their system', () => {
    const telecom = [
      { system: 'phone', value: '13800138000' },
      { system: 'email', value: 'a@example.org' },
    ];
    expect(rowsOf(patient({ telecom }), 'telecom')).toEqual([
      'identifier phone|13800138000',
      'identifier email|a@example.org',
    ]);
    expect(rowsOf(patient({ telecom }), 'phone')).toEqual(['identifier phone|13800138000']);
    expect(rowsOf(patient({ telecom }), 'email')).toEqual(['identifier email|a@example.org']);
  });

  it('say of every patient whether they are dead', () => {
    expect(rowsOf(patient({}), 'deceased')).toEqual(['code |false']);
    expect(rowsOf(patient({ deceasedBoolean: false }), 'deceased')).toEqual(['code |false']);
    expect(rowsOf(patient({ deceasedBoolean: true }), 'deceased')).toEqual(['code |true']);
    expect(rowsOf(patient({ deceasedDateTime: '2020' }), 'deceased')).toEqual(['code |true']);
  });

  it('of tags belong to every type', () => {
    expect(rowsOf(patient({ meta: { tag: [{ system: 'urn:t', code: 'demo' }] } }), '_tag')).toEqual([
      'code urn:t|demo',
    ]);
  });
});

describe('strings', () => {
  it('of a Chinese name are its parts, the whole, and both in pinyin and initials', () => {
    expect(rowsOf(patient({ name: [{ family: '单', given: ['雄信'] }] }), 'name').map((row) => row.slice(7))).toEqual([
      ...['单', 'shan', '雄信', 'xiongxin', 'xx'],
      ...['单雄信', 'shanxiongxin', 'sxx'],
    ]);
    expect(rowsOf(patient({ name: [{ family: '单' }] }), 'family')).toEqual(['string 单', 'string shan']);
  });

  it('of a Latin name are its parts and the whole', () => {
    const name = [{ family: 'Müller', given: ['Anna', 'Maria'], prefix: ['Dr.'] }];
    expect(rowsOf(patient({ name }), 'name')).toEqual(
      ['Müller', 'Anna', 'Maria', 'Dr.', 'Anna Maria Müller'].map((text) => `string ${text}`),
    );
  });

  it('of an address are its parts', () => {
    const address = [{ line: ['Main St 1'], city: 'Springfield', postalCode: '12345', use: 'home' }];
    expect(rowsOf(patient({ address }), 'address')).toEqual(['string Main St 1', 'string Springfield', 'string 12345']);
  });
});

describe('dates', () => {
  const midnight = Date.UTC(2024, 0, 1) * 1000;
  const day = 86_400_000_000;

  it('of a period reach from its start to the end of its end, or are open', () => {
    const period = (effectivePeriod: JsonObject) => rowsOf(observation({ effectivePeriod }), 'date');
    expect(period({ start: '2024-01-01', end: '2024-01-02' })).toEqual([`date ${midnight} ${midnight + 2 * day}`]);
    expect(period({ start: '2024-01-01' })).toEqual([`date ${midnight} Infinity`]);
    expect(period({ end: '2024-01-01' })).toEqual([`date -Infinity ${midnight + day}`]);
    expect(period({})).toEqual([]);
    expect(period({ start: '2024-01-02', end: '2024-01-01' })).toEqual([`date ${midnight} ${midnight + 2 * day}`]);
  });

  it('of a timing are its outer limits', () => {
    const timing = (effectiveTiming: JsonObject) => rowsOf(observation({ effectiveTiming }), 'date');
    expect(timing({ event: ['2024-01-02', '2024-01-01'] })).toEqual([`date ${midnight} ${midnight + 2 * day}`]);
    expect(timing({ repeat: { boundsPeriod: { start: '2024-01-01' } } })).toEqual([`date ${midnight} Infinity`]);
    expect(timing({ repeat: { frequency: 1 } })).toEqual([]);
  });
});

describe('quantities and numbers', () => {
  const quantity = (valueQuantity: JsonObject) => rowsOf(observation({ valueQuantity }), 'value-quantity');

  it('are points, or open where a comparator says so', () => {
    expect(quantity({ value: 5, system: 'http://unitsofmeasure.org', code: 'mg', unit: 'mg' })).toEqual([
      'quantity 5 5 http://unitsofmeasure.org mg mg',
    ]);
    expect(quantity({ value: 5, comparator: '<=' })).toEqual(['quantity -Infinity 5   ']);
    expect(quantity({ value: 5, comparator: '>' })).toEqual(['quantity 5 Infinity   ']);
    expect(quantity({ unit: 'mg' })).toEqual([]);
  });

  it('may have a text that must be kept', () => {
    const text = '{"resourceType":"Observation","valueQuantity":{"value":1.50}}';
    expect(rowsOf(parseJson(text) as JsonObject, 'value-quantity')).toEqual(['quantity 1.5 1.5   ']);
  });

  it('of money have the currency as unit', () => {
    const invoice = { resourceType: 'Invoice', totalNet: { value: 9.5, currency: 'CNY' } };
    expect(rowsOf(invoice, 'totalnet')).toEqual(['quantity 9.5 9.5 urn:iso:std:iso:4217 CNY ']);
  });

  it('of a range reach from end to end', () => {
    const risk = (probabilityRange: JsonObject) =>
      rowsOf({ resourceType: 'RiskAssessment', prediction: [{ probabilityRange }] }, 'probability');
    expect(risk({ low: { value: 0.1 }, high: { value: 0.2 } })).toEqual(['number 0.1 0.2']);
    expect(risk({ low: { value: 0.1 } })).toEqual(['number 0.1 Infinity']);
    expect(risk({})).toEqual([]);
  });
});

describe('references and uris', () => {
  it('are as written, with the identifier of the target on a path of its own', () => {
    const subject = { reference: 'Patient/1', identifier: { system: 'urn:a', value: '7' } };
    expect(rowsOf(observation({ subject }), 'patient')).toEqual(['reference Patient/1', 'identifier urn:a|7']);
  });

  it('to a canonical with a version are found without it too', () => {
    expect(rowsOf({ resourceType: 'QuestionnaireResponse', questionnaire: 'urn:q|2' }, 'questionnaire')).toEqual([
      'reference urn:q|2',
      'reference urn:q',
    ]);
    expect(rowsOf(patient({ meta: { profile: ['urn:p|1'] } }), '_profile')).toEqual(['uri urn:p|1', 'uri urn:p']);
  });

  it('of a document are to its first entry only', () => {
    const entry = ['Composition', 'Patient'].map((resourceType) => ({ resource: { resourceType, id: 'x' } }));
    expect(rowsOf({ resourceType: 'Bundle', entry }, 'composition')).toEqual(['reference Composition/x']);
  });
});

describe('values of a wrong shape', () => {
  it('are no values, and no errors', () => {
    const wrong: JsonObject[] = [
      { identifier: 'x', name: { family: 'x' }, birthDate: 3, active: 'yes', telecom: [null, 3] },
      { identifier: [null, 'x', { value: 3, system: 4, type: 5 }], name: [{ family: 3, given: [null, 4] }] },
      { managingOrganization: [], generalPractitioner: [{ reference: 3, identifier: [] }], birthDate: '2023-02-30' },
    ];
    for (const elements of wrong) {
      const sink = new RecordingSink();
      indexResource(patient(elements), sink);
      expect([...sink.rows.values()].flat()).toEqual(['code |false']);
    }
  });
});

describe('composites', () => {
  const code: JsonObject = { coding: [{ system: 'urn:s', code: 'a', display: 'A' }, { code: 'b' }], text: 'A' };

  it('are the codes and values of one element, each with each', () => {
    const resource = observation({ code, valueQuantity: { value: 1, unit: 'kilo', system: 'urn:u', code: 'kg' } });
    expect(rowsOf(resource, 'code-value-quantity')).toEqual([
      'composite code urn:s|a & range 1 1 urn:u kg kilo',
      'composite code |b & range 1 1 urn:u kg kilo',
    ]);
    expect(rowsOf(resource, 'code-value-string')).toEqual([]);
    expect(rowsOf(observation({ code }), 'code-value-quantity')).toEqual([]);
  });

  it('do not mix the values of different elements', () => {
    const component = ['systolic', 'diastolic'].map((name, index) => ({
      code: { coding: [{ code: name }] },
      valueQuantity: { value: index },
    }));
    expect(rowsOf(observation({ code, component }), 'combo-code-value-quantity')).toEqual([
      'composite code |systolic & range 0 0   ',
      'composite code |diastolic & range 1 1   ',
    ]);
  });

  it('may take a part from elsewhere in the resource', () => {
    const sequence: JsonObject = {
      resourceType: 'MolecularSequence',
      referenceSeq: { chromosome: { coding: [{ code: '1' }] }, windowStart: 5, windowEnd: 7 },
      variant: [{ start: 1, end: 2 }, { start: 3 }],
    };
    expect(rowsOf(sequence, 'chromosome-variant-coordinate')).toEqual(['composite code |1 & range 1 1 & range 2 2']);
    expect(rowsOf(sequence, 'chromosome-window-coordinate')).toEqual(['composite code |1 & range 5 5 & range 7 7']);
  });
});

describe('positions', () => {
  const location = (position: JsonObject): JsonObject => ({ resourceType: 'Location', position });

  it('are places on earth', () => {
    expect(rowsOf(location({ latitude: -90, longitude: 180 }), 'near')).toEqual(['position -90 180']);
    expect(rowsOf(location({ latitude: 91, longitude: 0 }), 'near')).toEqual([]);
    expect(rowsOf(location({ latitude: 1, longitude: 181 }), 'near')).toEqual([]);
    expect(rowsOf(location({ latitude: 1 }), 'near')).toEqual([]);
  });
});
