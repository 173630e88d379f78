import { Failure } from '../failure.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text of UTF-8 bytes without a byte order mark. Fails with `invalid` on bytes that are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Failure('invalid', 'The bytes are no UTF-8: send JSON encoded as UTF-8.');
  }
}
