import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { type Scope, scopes } from './code.ts';
import { type Place, places } from './policy.ts';

/** The JSON object of a request. */
export function bodyOf(body: unknown): JsonObject {
  if (isJsonObject(body as JsonValue)) return body as JsonObject;
  throw new Failure('structure', 'Send a JSON object in the body.');
}

export function textOf(body: JsonObject, name: string, most: number): string {
  const value = body[name];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value;
  throw new Failure('required', `Send "${name}", a text of ${most} characters at most.`);
}

export function placeOf(body: JsonObject): Place {
  const place = places.find((one) => one === body.at);
  if (place) return place;
  throw new Failure('value', `"at" must be one of ${places.join(', ')}.`);
}

export function scopesOf(body: JsonObject): Scope[] {
  const value = body.scopes;
  if (Array.isArray(value) && value.every((one) => scopes.some((scope) => scope === one))) {
    return scopes.filter((scope) => value.includes(scope));
  }
  throw new Failure('value', `"scopes" must be a list of ${scopes.join(', ')}.`);
}

/** Hundredths of a yuan. */
export function amountOf({ amount }: JsonObject): number {
  if (typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && amount <= 100_000_000) return amount;
  throw new Failure('value', '"amount" must be a whole number of hundredths of a yuan, 1,000,000 yuan at most.');
}

export function flagOf(body: JsonObject, name: string): boolean {
  const value = body[name];
  if (typeof value === 'boolean') return value;
  throw new Failure('value', `"${name}" must be true or false.`);
}

export function patientOf(body: JsonObject): string | undefined {
  return body.patient === undefined ? undefined : patientId(body.patient);
}

export function patientId(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(value)) return value;
  throw new Failure('value', '"patient" must be the id of a Patient.');
}

export const mostSynced = 200;

export function takenCodes({ codes }: JsonObject): { code: string; takenAt: number }[] {
  const list = Array.isArray(codes) ? codes.filter(isJsonObject) : [];
  const taken = list.flatMap(({ code, takenAt }) => {
    const at = typeof takenAt === 'string' ? Date.parse(takenAt) : Number.NaN;
    return typeof code === 'string' && code.length <= 200 && !Number.isNaN(at) ? [{ code, takenAt: at }] : [];
  });
  if (Array.isArray(codes) && taken.length === codes.length && taken.length <= mostSynced) return taken;
  throw new Failure(
    'value',
    `"codes" must be a list of {"code", "takenAt": a time with its zone}, ${mostSynced} at most.`,
  );
}
