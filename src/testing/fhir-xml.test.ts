import { expect, test } from 'vitest';
import { printJson } from '#lib/json/index.ts';
import { xmlToResource } from './fhir-xml.ts';

test('elements become members, repeated ones arrays, numbers keep their digits', () => {
  const resource = xmlToResource(`<?xml version="1.0"?>
    <Observation xmlns="http://hl7.org/fhir">
      <id value="a"/>
      <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2</p></div></text>
      <status value="final"/>
      <code><coding><system value="http://loinc.org"/><code value="1-8"/></coding></code>
      <valueQuantity><value value="1.00"/></valueQuantity>
    </Observation>`);
  expect(printJson(resource)).toBe(
    printJson({
      resourceType: 'Observation',
      id: 'a',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2</p></div>' },
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '1-8' }] },
      valueQuantity: { value: JSON.rawJSON('1.00') },
    }),
  );
});

test('extensions and ids of primitives stand in siblings of equal length', () => {
  const resource = xmlToResource(`
    <Patient>
      <active value="true"/>
      <name>
        <given value="A"/>
        <given><extension url="u"><valueBoolean value="false"/></extension></given>
        <given value="C" id="c"/>
      </name>
      <birthDate value="2000" id="b"/>
    </Patient>`);
  expect(resource).toEqual({
    resourceType: 'Patient',
    active: true,
    name: [
      {
        given: ['A', null, 'C'],
        _given: [null, { extension: [{ url: 'u', valueBoolean: false }] }, { id: 'c' }],
      },
    ],
    birthDate: '2000',
    _birthDate: { id: 'b' },
  });
});

test('resources inside resources are found', () => {
  const resource = xmlToResource(`
    <Bundle><type value="collection"/><entry><resource>
      <Patient><contained><Organization><id value="o"/></Organization></contained></Patient>
    </resource></entry></Bundle>`);
  expect(resource.entry).toEqual([
    { resource: { resourceType: 'Patient', contained: [{ resourceType: 'Organization', id: 'o' }] } },
  ]);
});

test.each(['<Patient>', '<Patient><nmae/></Patient>', '<Nothing/>'])('%s is refused', (text) => {
  expect(() => xmlToResource(text)).toThrow();
});
