import { expect, test } from 'vitest';
import { type Access, fullAccess } from '#fhir/access/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { labelsOf, withLabels } from './labels.ts';

const icd = 'http://hl7.org/fhir/sid/icd-10';
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const subject = { reference: 'Patient/1' };
const condition = (code: string, rest: JsonObject = {}): JsonObject => ({
  resourceType: 'Condition',
  code: { coding: [{ system: icd, code }] },
  subject,
  ...rest,
});
const codesOf = (resource: JsonObject): unknown =>
  ((resource.meta as JsonObject | undefined)?.security as JsonObject[] | undefined)?.map(({ code }) => code);
const as = (role: string): Access => ({
  actor: { reference: 'Practitioner/1', display: 'One', role, purpose: 'TREAT' },
  conditionOf: () => nothing,
  mayRun: () => false,
});

test.each([
  ['F20.0', ['PSY', 'R']],
  ['F200', ['PSY', 'R']],
  ['f32', ['PSY', 'R']],
  ['F10.2', ['ETH', 'R']],
  ['F17.2', []],
  ['F00.1', []],
  ['B24', ['HIV', 'R']],
  ['F02.4', ['HIV', 'R']],
  ['F02.3', []],
  ['Z21', ['HIV', 'R']],
  ['A53.9', ['STD', 'R']],
  ['Z30.1', ['SEX', 'R']],
  ['F52.0', ['SEX', 'R']],
  ['T74.1', ['SDV', 'R']],
  ['I10', []],
  ['E11.9', []],
  ['', []],
])('ICD-10 %s is labelled %j', (code, labels) => {
  expect(labelsOf(condition(code)).map((label) => label.code)).toEqual(labels);
});

test('what is sensitive is found wherever it is written', () => {
  const resource = {
    resourceType: 'MedicationRequest',
    subject,
    contained: [
      { resourceType: 'Medication', code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'N05AH03' }] } },
    ],
    reasonCode: [{ coding: [{ system: icd, code: 'B20' }] }],
  };
  expect(labelsOf(resource).map(({ code }) => code)).toEqual(['HIV', 'PSY', 'R']);
});

test('what belongs to no record, or says who somebody is, is not labelled', () => {
  expect(labelsOf({ resourceType: 'ValueSet', compose: { include: [{ system: icd, code: 'F20' }] } })).toEqual([]);
  expect(labelsOf({ resourceType: 'Patient', maritalStatus: { coding: [{ system: icd, code: 'F20' }] } })).toEqual([]);
});

test('what needs no label stays the very object that it was', () => {
  const resource = condition('I10');
  expect(withLabels(resource, undefined, as('resident'))).toBe(resource);
});

const restricted = { system: confidentiality, code: 'R' };

test.each(['resident', 'receptionist', 'administrator'])('a %s neither gives nor takes labels', (role) => {
  const sent = condition('I10', { meta: { security: [restricted], tag: [{ code: 'mine' }] } });
  const created = withLabels(sent, undefined, as(role));
  expect(codesOf(created)).toBeUndefined();
  expect(created.meta).toEqual({ tag: [{ code: 'mine' }] });
  const stored = JSON.stringify(condition('I10', { meta: { security: [restricted] } }));
  expect(codesOf(withLabels(condition('I10'), stored, as(role)))).toEqual(['R']);
  expect(codesOf(withLabels(condition('I10', { meta: { security: [] } }), stored, as(role)))).toEqual(['R']);
});

test('a physician may call a new entry confidential, and cannot open it later', () => {
  const created = withLabels(
    condition('I10', { meta: { security: [restricted] } }),
    undefined,
    as('hospital-physician'),
  );
  expect(codesOf(created)).toEqual(['R']);
  expect(codesOf(withLabels(condition('I10'), JSON.stringify(created), as('hospital-physician')))).toEqual(['R']);
  expect(codesOf(withLabels(condition('I10'), JSON.stringify(created), as('privacy-officer')))).toBeUndefined();
});

test('nobody but a privacy officer or the platform restricts a person', () => {
  const person = { resourceType: 'Patient', meta: { security: [restricted] } };
  expect(codesOf(withLabels(person, undefined, as('hospital-physician')))).toBeUndefined();
  expect(codesOf(withLabels(person, undefined, as('privacy-officer')))).toEqual(['R']);
  expect(codesOf(withLabels(person, undefined, fullAccess(as('system').actor)))).toEqual(['R']);
});

test('a label that followed from the content goes with it', () => {
  const stored = withLabels(condition('F20.0'), undefined, as('hospital-physician'));
  expect(codesOf(stored)).toEqual(['PSY', 'R']);
  expect(codesOf(withLabels(condition('I10'), JSON.stringify(stored), as('hospital-physician')))).toBeUndefined();
  expect(codesOf(withLabels({ ...stored }, JSON.stringify(stored), as('hospital-physician')))).toEqual(['PSY', 'R']);
});

test('labels of other systems are the business of whoever writes them', () => {
  const other = { system: 'http://example.org/labels', code: 'R' };
  expect(codesOf(withLabels(condition('F20', { meta: { security: [other] } }), undefined, as('resident')))).toEqual([
    'R',
    'PSY',
    'R',
  ]);
});

test('numbers keep their digits', () => {
  const resource = parseJson(
    `{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]},"valueQuantity":{"value":12.00}}`,
  ) as JsonObject;
  const labelled = withLabels(resource, undefined, undefined);
  expect(codesOf(labelled)).toEqual(['PSY', 'R']);
  expect(labelled.valueQuantity).toBe(resource.valueQuantity);
});
