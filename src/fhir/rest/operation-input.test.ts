import { expect, test } from 'vitest';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { parseAddress } from './address.ts';
import { readOperationInput } from './operation-input.ts';

const body = (text: string) => parseJson(text) as JsonObject;

test('parameters come from the address, from Parameters, or are the body itself', () => {
  expect(readOperationInput({ parameters: [['count', '10']] }).integer('count')).toBe(10);
  const input = readOperationInput({
    parameters: [],
    resource: body(`{"resourceType":"Parameters","parameter":[
      {"name":"url","valueUri":"http://a"},{"name":"flag","valueBoolean":false},{"name":"n","valueDecimal":1.50},
      {"name":"coding","valueCoding":{"code":"c"}},{"name":"coding","valueCoding":{"code":"d"}},
      {"name":"group","part":[{"name":"inner","valueString":"x"}]},{"name":"r","resource":{"resourceType":"Basic"}}]}`),
  });
  expect(input.names).toEqual(['url', 'flag', 'n', 'coding', 'group', 'r']);
  expect([input.text('url'), input.boolean('flag'), input.text('n')]).toEqual(['http://a', false, '1.50']);
  expect(input.objects('coding').map(({ code }) => code)).toEqual(['c', 'd']);
  expect(input.parts('group')[0]?.text('inner')).toBe('x');
  expect(input.resource('r')).toEqual({ resourceType: 'Basic' });
  expect(
    readOperationInput({ parameters: [], resource: body('{"resourceType":"Patient"}') }).resource('resource'),
  ).toEqual({
    resourceType: 'Patient',
  });
});

test('what is not of the kind that was asked for is refused', () => {
  const input = readOperationInput({
    parameters: [
      ['flag', 'yes'],
      ['n', '-1'],
      ['coding', 'a|b'],
    ],
    resource: body('{"resourceType":"Parameters","parameter":[{"name":"text","valueCoding":{}}]}'),
  });
  expect(() => input.boolean('flag')).toThrow('must be true or false');
  expect(() => input.integer('n')).toThrow('must be a whole number');
  expect(() => input.object('coding')).toThrow('complex type');
  expect(() => input.text('text')).toThrow('primitive');
  const broken = body('{"resourceType":"Parameters","parameter":[{"valueString":"x"}]}');
  expect(() => readOperationInput({ parameters: [], resource: broken })).toThrow('parameter[0]');
});

test('an address is taken apart into type, id, version, operation and what follows it', () => {
  const parse = (text: string) => parseAddress(text.split('/'));
  expect(parse('Patient/1/_history/2')).toMatchObject({ type: 'Patient', id: '1', version: '2' });
  expect(parse('Patient/1/_history')).toMatchObject({ version: '' });
  expect(parse('$export-status/abc')).toMatchObject({ type: undefined, operation: 'export-status', rest: 'abc' });
  expect(parse('Patient/1/$everything')).toMatchObject({ type: 'Patient', id: '1', operation: 'everything' });
  expect(parse('Patient/1/$a/b/c')).toBeUndefined();
  expect(parse('Patient/1/2')).toBeUndefined();
});
