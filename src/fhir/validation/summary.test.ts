import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { checkStructure, elementsOf, summaryOf } from './index.ts';

const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

const observation: JsonObject = {
  resourceType: 'Observation',
  id: 'o1',
  meta: { versionId: '3', tag: [{ code: 'demo' }] },
  text: { status: 'generated', div: '<div>x</div>' },
  extension: [{ url: 'http://example.org/e', valueString: 'x' }],
  modifierExtension: [{ url: 'http://example.org/m', valueBoolean: true }],
  status: 'final',
  code: { text: 'Blood pressure', extension: [{ url: 'http://example.org/e', valueString: 'x' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2024-02-29',
  _effectiveDateTime: { id: 'e' },
  note: [{ text: 'x' }],
  component: [
    { code: { text: 'systolic' }, valueQuantity: { value: 128 }, interpretation: [{ text: 'high' }] },
    { code: { text: 'diastolic' }, valueQuantity: { value: 82 } },
  ],
};

test('the summary has the summary elements, at every depth', () => {
  expect(summaryOf(observation, 'true')).toEqual({
    resourceType: 'Observation',
    id: 'o1',
    meta: { versionId: '3', tag: [{ code: 'demo' }, subsetted] },
    modifierExtension: observation.modifierExtension,
    status: 'final',
    code: { text: 'Blood pressure' },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: '2024-02-29',
    _effectiveDateTime: { id: 'e' },
    component: [
      { code: { text: 'systolic' }, valueQuantity: { value: 128 } },
      { code: { text: 'diastolic' }, valueQuantity: { value: 82 } },
    ],
  });
});

test('text keeps the narrative and what is required', () => {
  expect(Object.keys(summaryOf(observation, 'text'))).toEqual([
    ...['resourceType', 'id', 'meta', 'text', 'modifierExtension', 'status', 'code'],
  ]);
});

test('data leaves the narrative out, and only that', () => {
  const { text, ...rest } = observation;
  expect(summaryOf(observation, 'data')).toEqual({
    ...rest,
    meta: { versionId: '3', tag: [{ code: 'demo' }, subsetted] },
  });
  expect(text).toBeDefined();
});

test('false returns the whole, without a tag', () => {
  expect(summaryOf(observation, 'false')).toBe(observation);
});

test('named elements come with what is required, choices by either name', () => {
  const keys = (...names: string[]) => Object.keys(elementsOf(observation, names));
  const always = ['resourceType', 'id', 'meta', 'modifierExtension', 'status', 'code'];
  expect(keys('subject')).toEqual([...always, 'subject']);
  expect(keys('effective')).toEqual([...always, 'effectiveDateTime', '_effectiveDateTime']);
  expect(keys('effectiveDateTime')).toEqual([...always, 'effectiveDateTime', '_effectiveDateTime']);
  expect(keys('Observation.subject', ' note.text ')).toEqual([...always, 'subject', 'note']);
  expect(keys('constructor', '__proto__', '')).toEqual(always);
});

test('the resource itself stays as it was, and a copy is tagged once', () => {
  const before = structuredClone(observation);
  const twice = elementsOf(summaryOf(observation, 'data'), ['code']);
  expect(observation).toEqual(before);
  expect((twice.meta as JsonObject).tag).toEqual([{ code: 'demo' }, subsetted]);
  expect(summaryOf({ resourceType: 'Patient', id: 'p' }, 'true')).toEqual({
    resourceType: 'Patient',
    id: 'p',
    meta: { tag: [subsetted] },
  });
});

test('a value that has nothing but extensions stays whole', () => {
  const patient: JsonObject = {
    resourceType: 'Patient',
    name: [{ extension: [{ url: 'http://example.org/e', valueString: 'x' }] }],
  };
  expect(summaryOf(patient, 'true')).toMatchObject({ name: patient.name as object });
  expect(checkStructure(summaryOf(patient, 'true'))).toEqual([]);
});
