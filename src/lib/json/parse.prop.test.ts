import fc from 'fast-check';
import { test } from 'vitest';
import { Failure } from '../failure.ts';
import { parseJson, printJson } from './index.ts';

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.stringMatching(/^(0|[1-9]\d{0,20})$/),
      fc.stringMatching(/^(\.\d{1,20})?$/),
      fc.stringMatching(/^([eE][+-]?\d{1,3})?$/),
    )
    .map((parts) => parts.join('')),
);

const string = fc
  .string({ unit: 'binary' })
  .filter((value) => !value.includes('\u0000'))
  .map((value) => JSON.stringify(value));

/** JSON texts without white space, with numbers as people and machines write them. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(number, string, fc.constantFrom('true', 'false', 'null')),
    fc.array(tie('json'), { maxLength: 5 }).map((items) => `[${items.join()}]`),
    fc
      .uniqueArray(fc.tuple(string, tie('json')), { selector: ([name]) => name, maxLength: 5 })
      .filter((members) => members.every(([name]) => !/^"\d+"$/.test(name)))
      .map((members) => `{${members.map(([name, value]) => `${name}:${value}`).join()}}`),
  ),
}));

test('what is printed is what was parsed, to the digit', () => {
  fc.assert(
    fc.property(json, (text) => printJson(parseJson(text)) === text),
    { numRuns: 1000 },
  );
});

test('white space changes nothing', () => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  fc.assert(
    fc.property(json, space, space, (text, before, after) => {
      const spaced = text.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => before + token + after);
      return printJson(parseJson(spaced)) === text;
    }),
  );
});

test('it parses what JSON.parse parses and refuses the rest with a Failure', () => {
  const changed = fc.tuple(
    json,
    fc.nat(),
    fc.constantFrom('', '"', '{', ']', ',', ':', '1', '.0', '-', 'e', '\\', ' '),
  );
  fc.assert(
    fc.property(changed, ([text, at, insert]) => {
      const place = at % (text.length + 1);
      const broken = text.slice(0, place) + insert + text.slice(place + (insert === '' ? 1 : 0));
      return accepts(broken, parseJson) ? accepts(broken, JSON.parse) : true;
    }),
    { numRuns: 1000 },
  );
});

test('no text makes it throw anything but a Failure', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      accepts(text, parseJson);
    }),
  );
});

function accepts(text: string, parse: (text: string) => unknown): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (parse === parseJson && !(error instanceof Failure)) throw error;
    return false;
  }
}
