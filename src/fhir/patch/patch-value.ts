import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { type Entry, readEntries, writeEntries } from './element-list.ts';
import { type NamedElement, writableElement } from './element-type.ts';

/** The content of a parameter: `value[x]`, a resource, or parts for an element whose type has no name of its own. */
export type PatchValue =
  | { kind: 'value'; suffix: string; value: JsonValue | undefined; sibling: JsonObject | undefined }
  | { kind: 'resource'; resource: JsonObject }
  | { kind: 'parts'; parts: readonly { name: string; value: PatchValue }[] };

export function readValue(parameter: JsonObject): PatchValue {
  const { resource, part } = parameter;
  if (isJsonObject(resource)) return { kind: 'resource', resource };
  if (Array.isArray(part)) {
    return {
      kind: 'parts',
      parts: part.map((entry) => ({ name: nameOf(entry), value: readValue(entry as JsonObject) })),
    };
  }
  const suffix = Object.keys(parameter)
    .map((name) => /^_?value([A-Z][A-Za-z0-9]*)$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  if (suffix === undefined) throw new Failure('required', `The parameter ${nameOf(parameter)} has no value.`);
  const value = parameter[`value${suffix}`];
  const sibling = parameter[`_value${suffix}`];
  return { kind: 'value', suffix, value, sibling: isJsonObject(sibling) ? sibling : undefined };
}

export function nameOf(parameter: JsonValue | undefined): string {
  if (isJsonObject(parameter) && typeof parameter.name === 'string') return parameter.name.slice(0, 100);
  throw new Failure('structure', 'Every parameter and every part needs a name.');
}

export const suffixOf = (value: PatchValue): string | undefined => (value.kind === 'value' ? value.suffix : undefined);

/** The value as a repetition of an element of this type. */
export function entryOf(value: PatchValue, type: string): Entry {
  if (value.kind === 'resource') return { value: value.resource };
  if (value.kind === 'value') {
    return {
      ...(value.value !== undefined && { value: value.value }),
      ...(value.sibling && { sibling: value.sibling }),
    };
  }
  const object: JsonObject = {};
  for (const part of value.parts) addTo(object, type, part.name, part.value);
  return { value: object };
}

/** Adds a value behind those that a repeating element has, or where a single one is missing. */
export function addTo(object: JsonObject, type: string, name: string, value: PatchValue): void {
  const element = writableElement(type, name, suffixOf(value));
  const entries = readEntries(object, element.name);
  if (!element.model.array) refusePresent(object, type, element, entries);
  writeEntries(object, element.name, [...entries, entryOf(value, element.model.type)], element.model.array ?? false);
}

function refusePresent(object: JsonObject, type: string, { name, model }: NamedElement, entries: Entry[]): void {
  const { choice } = model;
  const other = choice && Object.keys(object).find((key) => new RegExp(`^_?${choice}[A-Z]`).test(key));
  if (entries.length === 0 && !other) return;
  throw new Failure('processing', `${type}.${choice ?? name} is there already; replace it instead of adding to it.`);
}
