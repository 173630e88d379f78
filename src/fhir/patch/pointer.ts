import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { memberOf } from './member.ts';

/** The reference tokens of a JSON Pointer, unescaped. https://www.rfc-editor.org/rfc/rfc6901 */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new Failure('value', `The path ${shown(pointer)} must be empty or begin with /.`);
  if (/~(?![01])/.test(pointer)) {
    throw new Failure('value', `The path ${shown(pointer)} has a ~ that is not ~0 (for ~) or ~1 (for /).`);
  }
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

/** The object or array that holds what the tokens name. Fails with `processing` where it is not there. */
export function containerOf(root: JsonValue, tokens: readonly string[], pointer: string): JsonObject | JsonValue[] {
  let at: JsonValue | undefined = root;
  for (const token of tokens.slice(0, -1)) at = at === undefined ? undefined : childOf(at, token);
  if (Array.isArray(at) || isJsonObject(at)) return at;
  throw missing(pointer);
}

/** The value that a pointer leads to; nothing there is a failure, which names the pointer. */
export function valueAt(root: JsonValue, tokens: readonly string[], pointer: string): JsonValue {
  let at: JsonValue | undefined = root;
  for (const token of tokens) at = at === undefined ? undefined : childOf(at, token);
  if (at === undefined) throw missing(pointer);
  return at;
}

function childOf(value: JsonValue, token: string): JsonValue | undefined {
  if (Array.isArray(value)) return isIndex(token) ? value[Number(token)] : undefined;
  return isJsonObject(value) ? memberOf(value, token) : undefined;
}

const isIndex = (token: string): boolean => /^(0|[1-9]\d{0,9})$/.test(token);

/** The place of an entry of an array with so many places. */
export function parseIndex(token: string, places: number, pointer: string): number {
  if (isIndex(token) && Number(token) < places) return Number(token);
  throw missing(pointer);
}

export const missing = (pointer: string): Failure =>
  new Failure('processing', `There is nothing at the path ${shown(pointer)}.`);
