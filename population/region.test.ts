import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import { describe, expect, it } from 'vitest';
import { checkStructure } from '#fhir/validation/index.ts';
import { isJsonObject, parseJson } from '#lib/json/index.ts';
import { demoPeople, generateRegion, type RegionOptions } from './region.ts';

const options: RegionOptions = { seed: 1, residents: 200, now: '2026-11-25' };
const region = [...generateRegion(options)];

describe('a region', () => {
  it('is the same byte by byte for the same options', () => {
    expect(digestOf(options)).toBe(digestOf(options));
  });

  it('is another for another seed, and another day', () => {
    expect(digestOf({ ...options, seed: 2 })).not.toBe(digestOf(options));
    expect(digestOf({ ...options, now: '2026-11-26' })).not.toBe(digestOf(options));
  });

  it('gives no id twice', () => {
    expect(new Set(region.map(({ id }) => id)).size).toBe(region.length);
  });

  it('refers to nothing that it does not contain', () => {
    const known = new Set(region.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const missing = region.flatMap((resource) => referencesIn(resource).filter((reference) => !known.has(reference)));
    expect(missing).toEqual([]);
  });

  it('consists of resources with the structure of FHIR R4', () => {
    const issues = region.flatMap((resource) => checkStructure(asRead(resource)));
    expect(issues).toEqual([]);
  });

  it('says every concept in Chinese and in English', () => {
    const single = region.flatMap((resource) => conceptsIn(resource)).filter((words) => !words.zh || !words.en);
    expect(single).toEqual([]);
  });

  it('has as many residents as were asked for, however few', () => {
    expect(patientsOf(region)).toHaveLength(200);
    for (const residents of [1, 2, 5, 31]) {
      expect(patientsOf([...generateRegion({ ...options, residents })])).toHaveLength(residents);
    }
  });

  it('yields institutions and staff first, and each patient before what is about the patient', () => {
    const firstPatient = region.findIndex(({ resourceType }) => resourceType === 'Patient');
    const staff = ['Organization', 'Location', 'Practitioner', 'PractitionerRole'];
    expect(region.slice(firstPatient).filter(({ resourceType }) => staff.includes(resourceType))).toEqual([]);
    const seen = new Set<string>();
    for (const resource of region) {
      if (resource.resourceType === 'Patient') seen.add(`Patient/${resource.id}`);
      if ('subject' in resource && resource.resourceType === 'Encounter')
        expect(seen).toContain(resource.subject?.reference);
    }
  });

  it('loads fast enough: 5,000 to 9,500 resources for 200 residents', () => {
    expect(region.length).toBeGreaterThan(5000);
    expect(region.length).toBeLessThan(9500);
  });

  it('writes no number with an exponent', () => {
    for (const resource of region) expect(JSON.stringify(resource)).not.toMatch(/":-?[\d.]+e/i);
  });
});

describe('the people of the demonstration', () => {
  it('exist in the region', () => {
    const known = new Set(region.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const people = demoPeople(options);
    expect(people.map(({ id }) => id)).toEqual([
      'older-resident',
      'mother',
      'infant',
      'single-entry',
      'longest-name',
      'village-doctor',
      'family-doctor',
      'public-health-nurse',
      'hospital-physician',
      'pharmacist',
      'disease-control-officer',
      'insurer',
      'regulator',
      'administrator',
      'index-clerk',
      'privacy-officer',
    ]);
    for (const { reference } of people) expect(known).toContain(reference);
  });

  it('are the residents whom a small region has, and all staff', () => {
    const people = demoPeople({ ...options, residents: 2 });
    expect(people.filter(({ role }) => role === 'resident').map(({ id }) => id)).toEqual(['older-resident']);
    expect(people.filter(({ role }) => role !== 'resident')).toHaveLength(11);
  });

  it('keep their ids when the region grows', () => {
    const residents = (count: number) =>
      demoPeople({ ...options, residents: count })
        .filter(({ role }) => role === 'resident')
        .map(({ reference }) => reference);
    expect(residents(5000)).toEqual(residents(200));
  });

  it('have the record that their description promises', () => {
    const entries = (id: string) => {
      const reference = demoPeople(options).find((person) => person.id === id)?.reference;
      return region.filter((resource) => isAbout(resource, reference));
    };
    expect(entries('single-entry').map(({ resourceType }) => resourceType)).toEqual(['Encounter']);
    expect(entries('older-resident').length).toBeGreaterThan(250);
    const codes = entries('older-resident').flatMap((entry) =>
      entry.resourceType === 'Condition' ? entry.code?.coding?.[0]?.code : [],
    );
    expect(codes).toEqual(expect.arrayContaining(['I10', 'E11.9', 'M17.9', 'E78.5']));
    expect(entries('mother').some(({ resourceType }) => resourceType === 'Procedure')).toBe(true);
  });

  it('include the longest name of the region', () => {
    const longest = Math.max(...patientsOf(region).map((patient) => patient.name?.[0]?.text?.length ?? 0));
    expect(demoPeople(options).find(({ id }) => id === 'longest-name')?.name.zh).toHaveLength(longest);
  });
});

function digestOf(own: RegionOptions): string {
  const digest = createHash('sha256');
  for (const resource of generateRegion(own)) digest.update(JSON.stringify(resource));
  return digest.digest('hex');
}

function patientsOf(resources: readonly FhirResource[]) {
  return resources.filter((resource) => resource.resourceType === 'Patient');
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === 'reference' ? [String(part)] : referencesIn(part)));
}

/** The resource as the server reads it from NDJSON. */
function asRead(resource: FhirResource) {
  const read = parseJson(JSON.stringify(resource));
  if (!isJsonObject(read)) throw new TypeError('A resource is an object.');
  return read;
}

/** The wordings of every concept that has a text, in both languages. */
function conceptsIn(value: unknown): { zh: string; en: string | undefined }[] {
  if (Array.isArray(value)) return value.flatMap(conceptsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && 'coding' in value ? [{ zh: String(value.text), en: englishIn(value) }] : [];
  return [...own, ...Object.values(value).flatMap(conceptsIn)];
}

function englishIn(concept: object): string | undefined {
  return /"valueString":"([^"]*[A-Za-z][^"]*)"/.exec(JSON.stringify(concept))?.[1];
}

function isAbout(resource: FhirResource, reference: string | undefined): boolean {
  return referencesIn('subject' in resource ? resource.subject : undefined).includes(reference ?? '');
}
