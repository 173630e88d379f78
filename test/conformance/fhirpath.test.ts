import { readFileSync } from 'node:fs';
import fhirpath from 'fhirpath';
import model from 'fhirpath/fhir-context/r4/index.js';
import { describe, expect, it } from 'vitest';
import { printJson } from '#lib/json/index.ts';
import { xmlToResource } from '#testing/fhir-xml.ts';
import { elementsOf, parseXml, textOf, type XmlElement } from '#testing/xml.ts';
import { expectScores } from './scores.ts';
import { hasSharedData, sharedData } from './shared-data.ts';

/**
 * The FHIRPath test suite of HL7 for R4 against the engine that patches and tests evaluate with. What the engine itself
 * fails is listed with its reason in fhirpath-misses.json, which may only shrink. https://hl7.org/fhirpath/N1/tests.html
 */
interface Case {
  name: string;
  expression: string;
  resource: unknown;
  isPredicate: boolean;
  isInvalid: boolean;
  outputs: { type: string; value: string }[];
}

const folder = 'fhirpath/official/';
const isThere = hasSharedData(folder);

const listed: Record<string, string> = JSON.parse(
  readFileSync(new URL('./fhirpath-misses.json', import.meta.url), 'utf8'),
);

/** What FHIR lets an expression presume. https://hl7.org/fhir/R4/fhirpath.html#vars */
const environment = {
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  'vs-administrative-gender': 'http://hl7.org/fhir/ValueSet/administrative-gender',
  'ext-patient-birthTime': 'http://hl7.org/fhir/StructureDefinition/patient-birthTime',
};

const resources = new Map<string, unknown>();

function readInput(file: string): unknown {
  const known = resources.get(file);
  if (known) return known;
  const text = readFileSync(`${sharedData}${folder}r4-input/${file}`, 'utf8');
  const resource: unknown = JSON.parse(file.endsWith('.xml') ? printJson(xmlToResource(text)) : text);
  resources.set(file, resource);
  return resource;
}

function toCase(group: string, test: XmlElement): Case {
  const { name = '', inputfile, predicate } = test.attributes;
  const [expression] = elementsOf(test, 'expression');
  if (!expression) throw new Error(`${name} has no expression`);
  return {
    name: `${group}/${name}`,
    expression: textOf(expression),
    resource: inputfile === undefined ? {} : readInput(inputfile),
    isPredicate: predicate === 'true',
    isInvalid: expression.attributes.invalid !== undefined,
    outputs: elementsOf(test, 'output').map((output) => ({
      type: output.attributes.type ?? '',
      value: textOf(output),
    })),
  };
}

function readCases(): Case[] {
  const suite = parseXml(readFileSync(`${sharedData}${folder}tests-fhir-r4.xml`, 'utf8'));
  return elementsOf(suite, 'group').flatMap((group) =>
    elementsOf(group, 'test').map((test) => toCase(group.attributes.name ?? '', test)),
  );
}

function evaluate({ resource, expression }: Case): { type: string; value: string }[] {
  const options = { resolveInternalTypes: false, preciseMath: true, traceFn: () => {} };
  const results: unknown[] = fhirpath.evaluate(
    structuredClone(resource),
    expression,
    { ...environment },
    model,
    options,
  );
  const types = fhirpath.types(results);
  const values: unknown[] = fhirpath.resolveInternalTypes([...results]);
  return values.map((value, index) => ({ type: types[index]?.split('.').at(-1) ?? '', value: printed(value) }));
}

const printed = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function passes(test: Case): boolean {
  try {
    const results = evaluate(test);
    if (test.isInvalid) return false;
    if (test.isPredicate) return test.outputs[0]?.value === String(results.length > 0 && results[0]?.value !== 'false');
    return (
      results.length === test.outputs.length &&
      test.outputs.every((output, index) => isSame(output, results[index] ?? { type: '', value: '' }))
    );
  } catch {
    return test.isInvalid;
  }
}

/** A type that says more (`code` for `string`) is no other one; numbers are the same by value, instants by time. */
function isSame(wanted: { type: string; value: string }, got: { type: string; value: string }): boolean {
  const value = wanted.value.replace(/^@T?/, '');
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value) === Number(got.value);
  if (wanted.type === 'dateTime') return Date.parse(value) === Date.parse(got.value);
  return value === got.value;
}

describe.skipIf(!isThere)('FHIRPath R4', () => {
  const cases = isThere ? readCases() : [];
  const missed = cases.filter((test) => !passes(test)).map(({ name }) => name);

  it('misses what is listed, and nothing else', () => {
    expect(missed.toSorted()).toEqual(Object.keys(listed).sort());
    expectScores('fhirpath', { FHIRPath: [cases.length - missed.length, cases.length] });
  });
});
