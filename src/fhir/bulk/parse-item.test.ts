import { describe, expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { method } from '../store/index.ts';
import type { InputFile } from './input/find-inputs.ts';
import { Ignored, parseItem, takeBody } from './parse-item.ts';

const file: InputFile = { path: 'a.json', byteLength: 1, identity: 'f', isGzip: false, isLines: false };
const patient = { resourceType: 'Patient', id: '1' };

const parse = (value: unknown, entry?: number) =>
  parseItem({ file, item: 0, document: 0, line: 1, entry }, Buffer.from(JSON.stringify(value)));
const parseEntry = (request: unknown, resource: unknown = patient, more = {}) =>
  parse({ ...more, resource, request }, 0);

describe('an entry', () => {
  test.each([
    ['POST to a type', { method: 'POST', url: 'Patient' }, 'Patient/1', method.post],
    ['PUT to an id', { method: 'PUT', url: '/Patient/1' }, 'Patient/1', method.put],
    ['DELETE', { method: 'DELETE', url: 'Patient/2' }, 'Patient/2', method.delete],
    ['no request', undefined, 'Patient/1', method.put],
  ])('with %s names what is written', (_, request, name, how) => {
    expect(parseEntry(request)).toMatchObject({ name, method: how, condition: undefined });
  });

  test('carries its condition and the version that it expects', () => {
    const create = parseEntry({ method: 'POST', url: 'Patient', ifNoneExist: 'identifier=a|b' });
    expect(create.condition).toBe('identifier=a|b');
    expect(parseEntry({ method: 'PUT', url: 'Patient?identifier=a%7Cb', ifMatch: 'W/"3"' })).toMatchObject({
      condition: 'identifier=a%7Cb',
      expectedVersion: 3,
      name: 'Patient/1',
    });
    expect(parseEntry({ method: 'DELETE', url: 'Patient?active=false' }).condition).toBe('active=false');
  });

  test.each([
    ['another type in the address', { method: 'POST', url: 'Person' }, 'invalid'],
    ['another id in the address', { method: 'PUT', url: 'Patient/2' }, 'invalid'],
    ['a POST to a resource', { method: 'POST', url: 'Patient/1' }, 'value'],
    ['an id that is none', { method: 'PUT', url: 'Patient/a_b' }, 'value'],
    ['a patch', { method: 'PATCH', url: 'Patient/1' }, 'not-supported'],
    ['an empty condition', { method: 'POST', url: 'Patient', ifNoneExist: '?' }, 'required'],
    ['a DELETE of everything', { method: 'DELETE', url: 'Patient' }, 'required'],
    ['a DELETE of an unknown type', { method: 'DELETE', url: 'Nothing/1' }, 'not-supported'],
    ['no method', { url: 'Patient' }, 'required'],
    ['an ETag that is none', { method: 'PUT', url: 'Patient/1', ifMatch: 'new' }, 'value'],
    ['a request that is no object', 'POST', 'structure'],
  ])('with %s is refused', (_, request, code) => {
    let failure: unknown;
    try {
      parseEntry(request);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code });
  });

  test('that only reads, or has nothing in it, is passed over', () => {
    expect(() => parseEntry({ method: 'GET', url: 'Patient/1' })).toThrow(Ignored);
    expect(() => parse({ fullUrl: 'urn:uuid:1' }, 0)).toThrow(Ignored);
  });
});

describe('a resource', () => {
  test('is refused with the first thing that is wrong and the count of the rest', () => {
    expect(() => parse({ ...patient, gender: 1, active: 'yes' })).toThrow(/Patient\.gender .* \(and 1 more\)/);
    expect(() => parse({ resourceType: 'Nothing' })).toThrow('resourceType');
    expect(() => parse([patient])).toThrow('must be a JSON object');
  });

  test('tells which of its references have to be resolved', () => {
    const references = ['Patient/1', '#c', 'Patient?identifier=a|b', 'urn:uuid:X', 'https://a.example/Patient/1'];
    const { targets } = parse({
      resourceType: 'Group',
      type: 'person',
      actual: true,
      contained: [{ resourceType: 'Patient', id: 'c' }],
      member: [...references, 'urn:uuid:X'].map((reference) => ({ entity: { reference } })),
    });
    expect(targets).toEqual([
      { reference: 'Patient?identifier=a|b', key: 'Patient?identifier=a|b', mustBeResolved: true },
      { reference: 'urn:uuid:X', key: 'f/0 urn:uuid:X', mustBeResolved: true },
      { reference: 'https://a.example/Patient/1', key: 'f/0 https://a.example/Patient/1', mustBeResolved: false },
    ]);
  });

  test('is parsed again for every attempt to write it but the first', () => {
    const item = parse({ ...patient, generalPractitioner: [{ reference: 'urn:uuid:a' }] });
    const first = takeBody(item);
    (first?.links[0]?.link.holder as Record<string, unknown>).reference = 'Practitioner/1';
    const second = takeBody(item);
    expect(second?.resource).not.toBe(first?.resource);
    expect(second?.resource.generalPractitioner).toEqual([{ reference: 'urn:uuid:a' }]);
  });
});
