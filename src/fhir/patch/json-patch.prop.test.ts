import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, type JsonValue, parseJson, printJson } from '#lib/json/index.ts';
import { applyJsonPatch } from './json-patch.ts';

const name = fc.constantFrom('a', 'b', 'a/b', 'm~n', '', '__proto__', '0', '-');
const number = fc.constantFrom('0', '1', '1.00', '-2.5e3', '12345678901234567890');

/** JSON texts, small, with the names that a pointer must escape. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(number, fc.constantFrom('null', 'true', '"x"')),
    fc.array(tie('json'), { maxLength: 4 }).map((entries) => `[${entries.join()}]`),
    fc
      .uniqueArray(fc.tuple(name, tie('json')), { selector: ([key]) => key, maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
}));

const escapeToken = (token: string): string => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The pointers of everything in a document. */
function pointersOf(value: JsonValue, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return [prefix];
  const members = Array.isArray(value)
    ? value.map((entry, index) => [String(index), entry] as const)
    : Object.entries(value);
  return [prefix, ...members.flatMap(([key, entry]) => pointersOf(entry, prefix + escapeToken(key)))];
}

const places = (document: string, at: number): string => {
  const pointers = pointersOf(parseJson(document)).filter((pointer) => pointer !== '');
  return pointers[at % pointers.length] ?? '';
};

test('what is at a place passes the test of that place', () => {
  fc.assert(
    fc.property(json, (document) => {
      const value = parseJson(document);
      for (const path of pointersOf(value)) {
        const copied = applyJsonPatch({ document: value }, [{ op: 'copy', from: `/document${path}`, path: '/copy' }]);
        const { copy } = copied as JsonObject;
        applyJsonPatch(copied, [{ op: 'test', path: `/document${path}`, value: copy as JsonValue }]);
      }
    }),
  );
});

test('removing what was added gives the document back, to the digit', () => {
  fc.assert(
    fc.property(json, json, (document, added) => {
      const both = { document: parseJson(document) };
      const changed = applyJsonPatch(both, [
        { op: 'add', path: '/added', value: parseJson(added) },
        { op: 'remove', path: '/added' },
      ]);
      expect(printJson(changed)).toBe(printJson(both));
    }),
  );
});

test('moving there and back changes nothing but the order of members', () => {
  fc.assert(
    fc.property(json, fc.nat(), (document, at) => {
      const value = { document: parseJson(document) };
      const from = places(printJson(value), at);
      const moved = applyJsonPatch(value, [
        { op: 'move', from, path: '/moved' },
        { op: 'move', from: '/moved', path: from },
      ]);
      applyJsonPatch(moved, [{ op: 'test', path: '', value: value as JsonObject }]);
    }),
  );
});

test('no patch throws anything but a Failure, or touches the document', () => {
  const path = fc.oneof(
    fc.array(name, { maxLength: 4 }).map((tokens) => tokens.map(escapeToken).join('')),
    fc.string(),
  );
  const operation = fc.record(
    { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path, from: path, value: json },
    { requiredKeys: ['op', 'path'] },
  );
  fc.assert(
    fc.property(json, fc.array(operation, { maxLength: 6 }), (document, operations) => {
      const value = parseJson(document);
      const patch = operations.map(({ value: written, ...rest }) => ({
        ...rest,
        ...(written !== undefined && { value: parseJson(written) }),
      }));
      try {
        applyJsonPatch(value, patch as JsonValue);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
      expect(printJson(value)).toBe(printJson(parseJson(document)));
      expect(({} as JsonObject).polluted).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});
