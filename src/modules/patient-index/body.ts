import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** The JSON object of a request. Fails with `structure` when it is something else. */
export function requireBody(body: unknown): JsonObject {
  if (isJsonObject(body as JsonValue)) return body as JsonObject;
  throw new Failure('structure', 'Send a JSON object in the body.');
}

/** A text that must be there. */
export function requireText(body: JsonObject, name: string, longest = 64): string {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '') throw new Failure('required', `Send "${name}" as a text.`);
  if (value.length > longest) throw new Failure('too-long', `"${name}" may have ${longest} characters.`);
  return value.trim();
}

/** One of these, or undefined when it is left out. */
export function optionalChoice<Choice extends string>(
  value: unknown,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined || value === '') return undefined;
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new Failure('value', `"${name}" must be one of ${choices.join(', ')}.`);
}

export function requireChoice<Choice extends string>(value: unknown, name: string, choices: readonly Choice[]): Choice {
  const choice = optionalChoice(value, name, choices);
  if (choice !== undefined) return choice;
  throw new Failure('required', `Send "${name}": one of ${choices.join(', ')}.`);
}

/** A whole number of an address, from 1. */
export function requireNumber(text: unknown, name: string): number {
  if (typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Failure('value', `"${name}" must be a whole number from 1.`);
}

export const optionalNumber = (text: unknown, name: string): number | undefined =>
  text === undefined || text === '' ? undefined : requireNumber(text, name);
