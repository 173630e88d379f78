import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentScanner, type Piece } from './document-scanner.ts';

/** JSON objects with brackets, quotes and backslashes inside of strings, printed in the ways that people print. */
const object = fc
  .tuple(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }), fc.nat(2))
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));

const isPlain = (text: string) => !/"(resourceType|type|entry)"/.test(text);

function scanInChunks(text: string, isLines: boolean, cuts: number[]): Piece[] {
  const scanner = new DocumentScanner({ isLines });
  const bytes = Buffer.from(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  const pieces: Piece[] = [];
  let start = 0;
  for (const place of [...places, bytes.length]) {
    pieces.push(...scanner.push(Buffer.from(bytes.subarray(start, place))));
    start = place;
  }
  return [...pieces, ...scanner.end()];
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });
const texts = (pieces: Piece[]) => pieces.map(({ bytes, fault }) => fault ?? bytes.toString());

test('documents come out as they went in, wherever the stream is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(object.filter(isPlain)), cuts, (documents, places) => {
      expect(texts(scanInChunks(documents.join('\n'), false, places))).toEqual(documents);
    }),
  );
});

test('so do the entries of Bundles', () => {
  const bundle = fc.array(object).map((entries) => ({
    entries,
    text: `{"resourceType":"Bundle","id":"\\"","type":"collection","entry":[${entries.join(' ,')}],"total":1}`,
  }));
  fc.assert(
    fc.property(fc.array(bundle), cuts, (bundles, places) => {
      const pieces = scanInChunks(bundles.map(({ text }) => text).join('\n'), false, places);
      expect(texts(pieces)).toEqual(bundles.flatMap(({ entries }) => entries));
      expect(pieces.map(({ document, entry }) => [document, entry])).toEqual(
        bundles.flatMap(({ entries }, document) => entries.map((_, entry) => [document, entry])),
      );
    }),
  );
});

test('of NDJSON with broken lines, every good line comes out', () => {
  const line = fc.oneof(
    object.filter(isPlain).map((text) => ({ text: text.replaceAll(/\n\s*/g, ''), isGood: true })),
    fc.constantFrom('{', '{"a":', '{"a":"', '[1]', 'x', '{"a":[}', '{"a":1]').map((text) => ({ text, isGood: false })),
  );
  fc.assert(
    fc.property(fc.array(line), cuts, (all, places) => {
      const pieces = scanInChunks(all.map(({ text }) => text).join('\n'), true, places);
      const good = pieces.filter(({ fault, bytes }) => fault === undefined && isJson(bytes.toString()));
      expect(good.map((piece) => [piece.line, piece.bytes.toString()])).toEqual(
        all.flatMap(({ text, isGood }, index) => (isGood ? [[index + 1, text]] : [])),
      );
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
