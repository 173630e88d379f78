import { createReadStream } from 'node:fs';
import { pipeline, type Readable, type TransformOptions } from 'node:stream';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import { DocumentScanner, type Piece } from './document-scanner.ts';
import type { InputFile } from './find-inputs.ts';

const chunkLength = 262_144;
/** So much is unpacked ahead, on another thread, while the last chunks are parsed. */
const readAheadLength = 16 * chunkLength;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The pieces of a file, some at a time, as they are read. A file that breaks off or cannot be unpacked ends in a fault.
 * `onBytes` hears how many bytes of the file have been read.
 */
export async function* readPieces(file: InputFile, onBytes: (bytes: number) => void): AsyncGenerator<Piece[]> {
  const scanner = new DocumentScanner({ isLines: file.isLines });
  const source = createReadStream(file.path, { highWaterMark: chunkLength });
  const chunks = file.isGzip ? unpack(source) : source;
  try {
    let isFirst = true;
    for await (const chunk of chunks) {
      const bytes = chunk as Buffer;
      const skipped = isFirst && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
      isFirst = false;
      const pieces = scanner.push(bytes.subarray(skipped));
      onBytes(source.bytesRead);
      if (pieces.length > 0) yield pieces;
    }
    yield scanner.end();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    yield [...scanner.end(), unreadable(scanner.line, error as Error)];
  } finally {
    source.destroy();
  }
}

const gunzipOptions: ZlibOptions & TransformOptions = { chunkSize: chunkLength, highWaterMark: readAheadLength };

const unpack = (source: Readable) => pipeline(source, createGunzip(gunzipOptions), () => {});

const unreadable = (line: number, { message }: Error): Piece => ({
  document: -1,
  line,
  bytes: Buffer.alloc(0),
  fault: `From here on the file cannot be read: ${message}.`,
});
