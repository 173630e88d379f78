import { describe, expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, type JsonValue, parseJson, printJson } from '#lib/json/index.ts';
import { applyJsonPatch } from './json-patch.ts';

const patched = (document: string, patch: string): string =>
  printJson(applyJsonPatch(parseJson(document), parseJson(patch)));

function failureOf(document: JsonValue, patch: JsonValue): Failure {
  try {
    applyJsonPatch(document, patch);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('The patch was applied');
}

test.each([
  ['numbers keep their digits', '{"a":1.00}', '[{"op":"add","path":"/b","value":2.50}]', '{"a":1.00,"b":2.50}'],
  ['numbers are equal by value', '{"a":1.00}', '[{"op":"test","path":"/a","value":1}]', '{"a":1.00}'],
  ['so are large ones', '{"a":1e3}', '[{"op":"test","path":"/a","value":1000.0}]', '{"a":1e3}'],
  ['and zeros', '{"a":-0.0}', '[{"op":"test","path":"/a","value":0}]', '{"a":-0.0}'],
  [
    'members are equal in any order',
    '{"a":{"b":1,"c":2}}',
    '[{"op":"test","path":"/a","value":{"c":2,"b":1}}]',
    '{"a":{"b":1,"c":2}}',
  ],
  ['the whole document is replaced', '{"a":1}', '[{"op":"replace","path":"","value":{"b":2}}]', '{"b":2}'],
  [
    'a copy shares nothing',
    '{"a":{"x":1}}',
    '[{"op":"copy","from":"/a","path":"/b"},{"op":"replace","path":"/a/x","value":2}]',
    '{"a":{"x":2},"b":{"x":1}}',
  ],
  ['names are escaped', '{"a/b":1,"m~n":2}', '[{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/m~0n"}]', '{}'],
  ['~01 is ~1', '{"~1":1}', '[{"op":"replace","path":"/~01","value":2}]', '{"~1":2}'],
  ['the empty name is a name', '{"":1}', '[{"op":"replace","path":"/","value":2}]', '{"":2}'],
  ['null is a value', '{"a":null}', '[{"op":"test","path":"/a","value":null}]', '{"a":null}'],
  ['a move to the same place does nothing', '{"a":1}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":1}'],
])('%s', (_name, document, patch, expected) => {
  expect(patched(document, patch)).toBe(expected);
});

test.each([
  ['/a/01', 'processing'],
  ['/a/-1', 'processing'],
  ['/a/1e0', 'processing'],
  ['/a/2', 'processing'],
  ['/a/length', 'processing'],
  ['a', 'value'],
  ['/a~2', 'value'],
  ['/b/c', 'processing'],
])('there is nothing to remove at %s', (path, code) => {
  expect(failureOf({ a: [1, 2] }, [{ op: 'remove', path }])).toMatchObject({ code });
});

test('a failed operation is named, and the document stays as it is', () => {
  const document: JsonObject = { a: [1] };
  const patch: JsonValue = [
    { op: 'add', path: '/a/-', value: 2 },
    { op: 'remove', path: '/b' },
  ];
  expect(failureOf(document, patch).message).toBe('Operation 2 of the patch: There is nothing at the path "/b".');
  expect(document).toEqual({ a: [1] });
});

describe('hostile patches', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s is a name like others',
    (name) => {
      const added = applyJsonPatch({}, [{ op: 'add', path: `/${name}`, value: { polluted: true } }]) as JsonObject;
      expect(Object.hasOwn(added, name)).toBe(true);
      expect(Object.getPrototypeOf(added)).toBe(Object.prototype);
      expect(({} as JsonObject).polluted).toBeUndefined();
      expect(failureOf({}, [{ op: 'add', path: `/${name}/polluted`, value: true }]).code).toBe('processing');
      expect(failureOf({}, [{ op: 'copy', from: `/${name}`, path: '/a' }]).code).toBe('processing');
      expect(({} as JsonObject).polluted).toBeUndefined();
    },
  );

  test('a copy of copies is stopped before it fills the memory', () => {
    const doubling = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
    expect(failureOf({ a: ['x'] }, doubling).code).toBe('too-costly');
  });

  test('nesting is limited, by what is added and by where', () => {
    const deepening = Array.from({ length: 200 }, () => ({ op: 'copy', from: '/a', path: '/a/a' }));
    expect(failureOf({ a: {} }, deepening)).toMatchObject({ code: 'too-costly' });
    const path = '/a'.repeat(200_000);
    expect(failureOf({}, [{ op: 'add', path, value: 1 }])).toBeInstanceOf(Failure);
    expect(failureOf({}, [{ op: 'remove', path }])).toMatchObject({ code: 'processing' });
  });

  test('moves through a huge list end in time', () => {
    const list: JsonValue = Array.from({ length: 200_000 }, (_, index) => index);
    const moves = Array.from({ length: 9000 }, () => ({ op: 'move', from: '/a/0', path: '/a/199999' }));
    const started = process.cpuUsage().user;
    expect(failureOf({ a: list }, moves).code).toBe('too-costly');
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });

  test('ten thousand operations are enough', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '', value: {} }));
    expect(failureOf({}, operations).code).toBe('too-costly');
  });
});
