import { describe, expect, test } from 'vitest';
import { DocumentScanner, type Piece } from './document-scanner.ts';

const lines = { isLines: true };
const whole = { isLines: false };

function scan(text: string, options: ConstructorParameters<typeof DocumentScanner>[0], chunkLength = 1 << 16): Piece[] {
  const scanner = new DocumentScanner(options);
  const bytes = Buffer.from(text);
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; at += chunkLength)
    pieces.push(...scanner.push(bytes.subarray(at, at + chunkLength)));
  return [...pieces, ...scanner.end()];
}

const texts = (pieces: Piece[]) => pieces.map(({ bytes, fault }) => fault ?? bytes.toString());

describe('of NDJSON', () => {
  test('every line is a document, with its number; blank lines and CRLF do not matter', () => {
    const pieces = scan('{"a":1}\r\n\n  {"b":{"c":[2]}}\n', lines);
    expect(pieces.map(({ line, document, bytes }) => [line, document, bytes.toString()])).toEqual([
      [1, 0, '{"a":1}'],
      [3, 1, '{"b":{"c":[2]}}'],
    ]);
  });

  test('the last line needs no newline', () => {
    expect(texts(scan('{"a":1}\n{"b":2}', lines))).toEqual(['{"a":1}', '{"b":2}']);
  });

  test.each([
    ['an object that is cut', '{"a":{"b":1}'],
    ['a string that is cut', '{"a":"b'],
    ['a nested string that is cut', '{"a":["b'],
    ['a cut entry', '{"resourceType":"Bundle","type":"batch","entry":[{"a":'],
    ['something else than an object', '[1]'],
    ['text', 'hello {}'],
    ['a bracket too many', '{]'],
  ])('%s spoils its line only', (_, line) => {
    const pieces = scan(`{"a":1}\n${line}\n{"b":2}\n`, lines);
    expect(texts(pieces)).toEqual(['{"a":1}', expect.stringMatching(/\.$/), '{"b":2}']);
    expect(pieces.map((piece) => piece.line)).toEqual([1, 2, 3]);
  });
});

describe('of JSON', () => {
  test('a document may take many lines, and starts at its first', () => {
    const text = '\n\n{\n  "a": "x\\"}{",\n  "b": [{}]\n}\n';
    expect(scan(text, whole)).toMatchObject([{ line: 3, document: 0 }]);
    expect(texts(scan(text, whole))).toEqual([text.trim()]);
  });

  test('a file that breaks off is told with the line where the broken part starts', () => {
    const [first, fault] = scan('{"resourceType":"Bundle","type":"batch","entry":[\n{"a":1},\n{"b":[', whole);
    expect(first).toMatchObject({ line: 2, entry: 0 });
    expect(fault).toMatchObject({ line: 3, entry: 1, fault: 'The JSON ends in the middle.' });
  });
});

describe('of a Bundle', () => {
  const head = '{"resourceType":"Bundle","type":"transaction"';

  test('every entry is a piece of its own', () => {
    const text = `${head},"entry":[ {"a":{"x":"]}"}} ,\n{"b":[1]}],"link":[{"entry":[{"c":3}]}]}`;
    const pieces = scan(text, whole);
    expect(texts(pieces)).toEqual(['{"a":{"x":"]}"}}', '{"b":[1]}']);
    expect(pieces.map(({ entry, line }) => [entry, line])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('no entries, no pieces', () => {
    expect(scan(`${head},"entry":[]}`, whole)).toEqual([]);
  });

  test('one whose type stands after the entries comes whole', () => {
    const text = '{"resourceType":"Bundle","entry":[{"a":1}],"type":"transaction"}';
    expect(texts(scan(text, whole))).toEqual([text]);
  });

  test.each(['document', 'message', 'history'])('a %s is a resource itself', (type) => {
    const text = `{"resourceType":"Bundle","type":"${type}","entry":[{"a":1}]}`;
    expect(texts(scan(text, whole))).toEqual([text]);
  });

  test('an element of the same name in another resource means nothing', () => {
    const text = '{"resourceType":"List","type":"transaction","entry":[{"item":{}}]}';
    expect(texts(scan(text, whole))).toEqual([text]);
  });

  test.each(['1', '"x"', '{"b":1} {"c":1}', '{"b":1},,'])('entries like %s end it', (entries) => {
    const found = texts(scan(`${head},"entry":[{"a":1},${entries}]}`, whole));
    expect(found[0]).toBe('{"a":1}');
    expect(found.at(-1)).toContain('array of objects');
  });
});

test('a piece beyond the limit is refused without being kept, and the next one is read', () => {
  const options = { isLines: true, longestPiece: 100 };
  const long = `{"a":"${'x'.repeat(500)}"}`;
  for (const chunkLength of [16, 64, 4096]) {
    const found = texts(scan(`${long}\n{"b":1}\n`, options, chunkLength));
    expect(found).toEqual([expect.stringContaining('longer than'), '{"b":1}']);
  }
});
