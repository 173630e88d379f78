import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { type Opener, openers } from './openers.ts';

interface Writer extends Access {
  /** References to the writer and to their institution. */
  readonly parties?: ReadonlySet<string>;
}

/** Fails with `forbidden` where an element is added or changed that would open a record, by whom it must not be. */
export function refuseOpeners(resource: JsonObject, stored: string | null | undefined, access: Writer): void {
  const { actor, isFull } = access;
  if (isFull || (actor.role === 'system' && actor.organization === undefined)) return;
  const held = openers.filter(
    ({ type, keepers }) => type === resource.resourceType && !keepers.some((role) => role === actor.role),
  );
  if (held.length === 0) return;
  const before = stored ? (parseJson(stored) as JsonObject) : undefined;
  for (const opener of held) refuseOpener(opener, resource, before, access);
}

function refuseOpener(
  { type, element, path, by, only, mayBegin }: Opener,
  resource: JsonObject,
  before: JsonObject | undefined,
  { actor, parties }: Writer,
): void {
  if (before === undefined && mayBegin) return;
  const known = new Set(valuesAt(before, path).map(textOf));
  const added = valuesAt(resource, path).filter((value) => !known.has(textOf(value)));
  if (by === 'one') {
    const named = new Set(valuesAt(resource, path).flatMap((value) => nameOf(value) ?? []));
    const held = [...named].filter((name) => only?.includes(name.split('/')[0] ?? '') ?? true);
    if (held.length < 2) return;
    throw new Failure(
      'forbidden',
      `As ${actor.role} you may name one person in ${type}.${element}, not ${held.length}, since it opens the record of each.`,
    );
  }
  if (by === 'nobody') {
    if (added.length === 0) return;
    throw new Failure(
      'forbidden',
      `As ${actor.role} you may not change ${type}.${element}, since it opens records to others: ask the clerk of the patient index.`,
    );
  }
  for (const value of added) {
    const name = nameOf(value);
    if (name === undefined || parties?.has(name) || (only && !only.includes(name.split('/')[0] ?? ''))) continue;
    throw new Failure(
      'forbidden',
      `As ${actor.role} you may not name ${name.slice(0, 100)} in ${type}.${element}, since it opens the record to them: name yourself or the organisation for which you act.`,
    );
  }
}

/** All that stands at the end of the steps, through lists. */
function valuesAt(value: JsonValue | undefined, path: readonly string[]): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  return isJsonObject(value) ? valuesAt(value[step], rest) : [];
}

const textOf = (value: JsonValue): string => JSON.stringify(value);

/** `Organization/1` of a reference, whatever server and version it names; undefined of what is contained. */
function nameOf(value: JsonValue): string | undefined {
  if (typeof value !== 'string' || value.startsWith('#')) return undefined;
  return /([A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/.exec(value)?.[1] ?? value;
}
