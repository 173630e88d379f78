import { expect, test } from 'vitest';
import { deriveId, parseRestfulUrl, uuidOfUrn } from './identity.ts';

const uuid = '0a1b2c3d-0000-4000-8000-00000000000f';
const patient = { resourceType: 'Patient', id: 'own' };

test.each([
  ['a POST takes the UUID of its fullUrl', patient, `urn:uuid:${uuid.toUpperCase()}`, true, uuid],
  ['a POST takes the id of its fullUrl', patient, 'https://a.example/fhir/Patient/7', true, '7'],
  ['unless that is of another type', patient, 'https://a.example/fhir/Person/7', true, 'own'],
  ['a POST without a telling fullUrl takes the id of the resource', patient, 'urn:uuid:1', true, 'own'],
  ['what merely stands there keeps its own id', patient, `urn:uuid:${uuid}`, false, 'own'],
  ['or takes the UUID of its fullUrl', { resourceType: 'Patient' }, `urn:uuid:${uuid}`, false, uuid],
  ['an id that is none counts for nothing', { resourceType: 'Patient', id: 'a b' }, `urn:uuid:${uuid}`, false, uuid],
])('%s', (_, resource, fullUrl, isPost, id) => {
  expect(deriveId(resource, fullUrl, isPost)).toBe(id);
});

test('without any of these the content decides', () => {
  const first = deriveId({ resourceType: 'Patient', active: true }, undefined, true);
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(deriveId({ resourceType: 'Patient', active: true }, undefined, false)).toBe(first);
  expect(deriveId({ resourceType: 'Patient', active: false }, undefined, true)).not.toBe(first);
});

test('only well-formed UUIDs and addresses of resources are taken for such', () => {
  expect(uuidOfUrn(`urn:uuid:${uuid}x`)).toBeUndefined();
  expect(uuidOfUrn(`urn:oid:${uuid}`)).toBeUndefined();
  expect(parseRestfulUrl('http://a/b/Patient/1/_history/2')).toEqual({ base: 'http://a/b', type: 'Patient', id: '1' });
  expect(parseRestfulUrl('http://a/Nothing/1')).toBeUndefined();
  expect(parseRestfulUrl('Patient/1')).toBeUndefined();
});
