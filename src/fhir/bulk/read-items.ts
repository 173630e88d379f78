import { Failure } from '#lib/failure.ts';
import { decodeUtf8, isJsonObject, type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import { isCarrier, type Piece } from './input/document-scanner.ts';
import type { InputFile } from './input/find-inputs.ts';
import { readPieces } from './input/read-pieces.ts';
import { Ignored, type Item, parseItem, type ResourceCheck } from './parse-item.ts';
import type { Place, Rejection } from './place.ts';

/** What one part of the input is: something to be written, or what is wrong with it. */
export type Reading = { place: Place; item: Item } | { place: Place; rejection: Rejection };

/** What is read at a time takes about a millisecond, so that others need not wait longer for their turn. */
const someLength = 64;

/** The parts of a file from an item on, some at a time. */
export async function* readItems(
  file: InputFile,
  position: number,
  onBytes: (bytes: number) => void,
  check: ResourceCheck,
): AsyncGenerator<Reading[]> {
  let item = 0;
  let readings: Reading[] = [];
  for await (const pieces of readPieces(file, onBytes)) {
    for (const piece of pieces) {
      for (const { bytes, fault, document, line, entry } of expand(piece)) {
        const place: Place = { file, item: item++, document, line, entry };
        if (place.item >= position)
          readings.push(fault === undefined ? read(place, bytes, check) : refuse(place, fault));
      }
      if (readings.length < someLength) continue;
      yield readings;
      readings = [];
    }
  }
  yield readings;
}

/** A part of the input as an item, or as a rejection that says why not. */
export function read(place: Place, bytes: Buffer, check: ResourceCheck): Reading {
  try {
    return { place, item: parseItem(place, bytes, check) };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof Ignored)) throw error;
    const outcome = error instanceof Ignored ? 'ignored' : 'rejected';
    return { place, rejection: { place, outcome, ...describe(place, bytes), reason: error.message } };
  }
}

const refuse = (place: Place, reason: string): Reading => ({
  place,
  rejection: { place, outcome: 'rejected', type: undefined, id: undefined, reason },
});

/** What can be said of something that cannot be read as a whole. */
function describe(place: Place, bytes: Buffer): Pick<Rejection, 'type' | 'id'> {
  const document = parseObject(bytes);
  const resource = place.entry === undefined ? document : document?.resource;
  if (!resource || !isJsonObject(resource)) return { type: undefined, id: undefined };
  const { resourceType, id } = resource;
  return {
    type: typeof resourceType === 'string' ? resourceType.slice(0, 64) : undefined,
    id: typeof id === 'string' ? id.slice(0, 64) : undefined,
  };
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value = parseJson(decodeUtf8(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A Bundle that came whole, because its type stands after its entries, is taken apart here. */
function* expand(piece: Piece): Generator<Piece> {
  const bundle = piece.entry === undefined && piece.bytes.includes('"Bundle"') ? parseObject(piece.bytes) : undefined;
  if (bundle?.resourceType !== 'Bundle' || !isCarrier(bundle.type)) {
    yield piece;
    return;
  }
  const { entry: entries = [] } = bundle;
  if (!Array.isArray(entries)) {
    yield { ...piece, fault: 'Bundle.entry must be an array.' };
    return;
  }
  for (const [entry, value] of entries.entries()) yield { ...piece, entry, bytes: Buffer.from(printJson(value)) };
}
