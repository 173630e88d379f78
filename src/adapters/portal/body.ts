import { Failure } from '#lib/failure.ts';

type Shape = Record<string, 'text' | 'optional text' | 'object'>;

type Read<S extends Shape> = {
  [Name in keyof S]: S[Name] extends 'text'
    ? string
    : S[Name] extends 'object'
      ? Record<string, unknown>
      : string | undefined;
};

const mostLength = 1024;

/** The fields of a JSON body; fails with `value` for what is missing, of another kind, too long, or not asked for. */
export function readBody<const S extends Shape>(body: unknown, shape: S): Read<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Failure('structure', 'Send a JSON object.');
  const given = body as Record<string, unknown>;
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(shape, name));
  if (stranger !== undefined) throw new Failure('value', `There is no field ${printName(stranger)} here.`);
  const entries = Object.entries(shape).map(([name, kind]) => [name, readField(name, kind, given[name])]);
  return Object.fromEntries(entries) as Read<S>;
}

function readField(name: string, kind: Shape[string], value: unknown): unknown {
  if (kind === 'object') {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new Failure('value', `${name} must be an object.`);
  }
  if (value === undefined && kind === 'optional text') return undefined;
  if (typeof value !== 'string' || value.length > mostLength || !value.isWellFormed()) {
    throw new Failure('value', `${name} must be a text of at most ${mostLength} characters.`);
  }
  if (value.includes('\0')) throw new Failure('value', `${name} must not hold the character U+0000.`);
  return value;
}

const printName = (name: string): string => JSON.stringify(name.slice(0, 40));
