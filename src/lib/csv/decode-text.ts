import { Failure } from '#lib/failure.ts';

/** So many bytes, from the first one beyond ASCII on, decide what a file is. */
const sampleLength = 16_384;

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

/**
 * Text of a file as spreadsheets save it in China: UTF-8, with or without a byte order mark, or GB18030 (GBK, "ANSI"). Which
 * of them it is shows at the bytes beyond ASCII. Fails with `value` where they are neither.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let sample = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (decoder) yield decode(decoder, chunk);
    else if (sample.length === 0 && isAscii(chunk)) yield Buffer.from(chunk).toString('latin1');
    else {
      sample = Buffer.concat([sample, chunk]);
      if (sample.length < sampleLength) continue;
      decoder = decoderOf(sample);
      yield decode(decoder, sample);
    }
  }
  if (!decoder && sample.length > 0) {
    decoder = decoderOf(sample);
    yield decode(decoder, sample);
  }
  if (decoder) yield decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new Failure('value', 'The file is neither UTF-8 nor GB18030. Save it as "CSV UTF-8" and send it again.');
  }
}

function decoderOf(sample: Uint8Array): TextDecoder {
  if (sample[0] === 0xff && sample[1] === 0xfe) {
    throw new Failure('value', 'The file is UTF-16. Save it as "CSV UTF-8" and send it again.');
  }
  return new TextDecoder(isUtf8(sample) ? 'utf-8' : 'gb18030', { fatal: true, ignoreBOM: true });
}

/** A character may be cut at the end of the sample. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
