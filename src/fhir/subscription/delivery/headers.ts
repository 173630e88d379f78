import { Failure } from '#lib/failure.ts';
import type { JsonValue } from '#lib/json/index.ts';

/** Headers that say how the message is carried, which the server alone knows. */
const own =
  /^(host|content-length|content-type|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;
const line = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\t\x20-\x7e\x80-\xff]{0,4000})$/;
const mostHeaders = 50;

/** `Subscription.channel.header`: `Authorization: Bearer ...`. Fails with `value` on what is no header, or not the client's. */
export function parseHeaders(value: JsonValue | undefined): (readonly [string, string])[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostHeaders) {
    throw new Failure('value', `channel.header must be a list of at most ${mostHeaders} headers.`);
  }
  return value.map((header) => {
    const [, name, content] = (typeof header === 'string' && line.exec(header)) || [];
    if (name === undefined || content === undefined) {
      throw new Failure('value', 'Write each channel.header as one line, [name]: [value].');
    }
    if (own.test(name)) throw new Failure('value', `The header ${name} is set by the server: leave it out.`);
    return [name, content.trim()] as const;
  });
}
