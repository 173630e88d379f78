import { Failure } from '#lib/failure.ts';
import type { Parameters } from './answer.ts';

/** Parameters of an address or a form, in their order. Fails with `value` where they cannot be decoded. */
export function parseQuery(text: string): Parameters {
  if (text.includes('%') && !isDecodable(text)) {
    throw new Failure('value', 'The parameters have a % that begins no encoded UTF-8: write a percent sign as %25.');
  }
  const parameters = [...new URLSearchParams(text)];
  for (const [name, value] of parameters) {
    if (name.includes('\u0000') || value.includes('\u0000')) {
      throw new Failure('value', 'A search parameter must not contain the character NUL.');
    }
  }
  return parameters;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
