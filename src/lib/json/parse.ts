import { Failure } from '../failure.ts';
import { place } from './place.ts';
import { isFollowedByColon, refuseRepeatedName } from './repeated-name.ts';
import { halfPair, scanJson } from './scan.ts';
import type { JsonObject, JsonValue, RawNumber } from './value.ts';

/**
 * Parses JSON so that printing gives every digit back. Fails with `invalid` on text that is no JSON, on repeated names,
 * on NUL and on half surrogate pairs, and with `too-costly` on nesting deeper than `maxDepth` levels: what it returns may
 * be walked recursively.
 */
export function parseJson(text: string, { maxDepth = 100 }: { maxDepth?: number } = {}): JsonValue {
  const { names, numbers } = scanJson(text, maxDepth);
  if (!text.isWellFormed()) throw new Failure('invalid', halfPair(text, text.search(/\p{Surrogate}/u)));
  const value = numbers.length === 0 ? parseNative(text) : parseMarked(text, numbers);
  const root = [value];
  if (restoreNumbers(root) !== names) refuseRepeatedName(text);
  return root[0] as JsonValue;
}

function parseNative(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new Failure('invalid', `This is no JSON: ${explain(text, error as Error)}`);
  }
}

function explain(text: string, { message }: Error): string {
  const position = /at position (\d+)/.exec(message);
  if (position) return `${message.slice(0, position.index)}at ${place(text, Number(position[1]))}.`;
  return text.trim() === '' ? 'it is empty.' : `${message}.`;
}

/**
 * No string of an accepted text contains NUL, so a NUL marks the numbers that JSON.parse must not round. A reviver that
 * reads `context.source` does the same at three times the cost.
 */
function parseMarked(text: string, numbers: readonly number[]): JsonValue {
  let marked = '';
  let copied = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const start = numbers[index] as number;
    const end = numbers[index + 1] as number;
    if (isFollowedByColon(text, end)) return parseNative(text);
    marked += `${text.slice(copied, start)}"\\u0000${text.slice(start, end)}"`;
    copied = end;
  }
  marked += text.slice(copied);
  try {
    return JSON.parse(marked) as JsonValue;
  } catch {
    return parseNative(text);
  }
}

/** Puts raw numbers in the place of marked strings. Returns how many names all objects have together. */
function restoreNumbers(container: JsonValue[] | JsonObject): number {
  let names = 0;
  if (Array.isArray(container)) {
    for (let index = 0; index < container.length; index++) {
      const value = container[index] as JsonValue;
      if (isMarked(value)) container[index] = unmark(value);
      else if (typeof value === 'object' && value !== null) names += restoreNumbers(value as JsonObject);
    }
    return names;
  }
  // Not for ... in: over objects of many shapes it takes five times as long, in a long import a hundred times.
  const own = Object.keys(container);
  for (let index = 0; index < own.length; index++) {
    const name = own[index] as string;
    const value = container[name] as JsonValue;
    if (isMarked(value)) container[name] = unmark(value);
    else if (typeof value === 'object' && value !== null) names += restoreNumbers(value as JsonObject);
  }
  return names + own.length;
}

const isMarked = (value: JsonValue): value is string => typeof value === 'string' && value.charCodeAt(0) === 0;

const unmark = (value: string): RawNumber => JSON.rawJSON(value.slice(1));
