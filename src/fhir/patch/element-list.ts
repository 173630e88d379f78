import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { typeModel } from '../definitions/index.ts';

/** One repetition of an element: for a primitive also what stands in the sibling beside it (`_birthDate`). */
export interface Entry {
  value?: JsonValue;
  sibling?: JsonObject;
}

const isPrimitive = (type: string): boolean => typeModel(type)?.kind === 'primitive-type';

/** What an element holds, as a list, whether it repeats or not. https://hl7.org/fhir/R4/json.html#primitive */
export function readEntries(parent: JsonObject, name: string): Entry[] {
  const values = listOf(parent[name]);
  const siblings = listOf(parent[`_${name}`]);
  return Array.from({ length: Math.max(values.length, siblings.length) }, (_, index) => {
    const value = values[index] ?? null;
    const sibling = siblings[index] ?? null;
    return { ...(value !== null && { value }), ...(isJsonObject(sibling) && { sibling }) };
  });
}

const listOf = (value: JsonValue | undefined): JsonValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Puts a list in the place of what the element holds; an empty one takes the element away. */
export function writeEntries(parent: JsonObject, name: string, entries: readonly Entry[], isArray: boolean): void {
  const values = entries.map(({ value = null }) => value);
  const siblings = entries.map(({ sibling = null }) => sibling);
  write(parent, name, values, isArray);
  write(parent, `_${name}`, siblings, isArray);
}

function write(parent: JsonObject, name: string, list: JsonValue[], isArray: boolean): void {
  if (list.every((entry) => entry === null)) delete parent[name];
  else parent[name] = isArray ? list : (list[0] as JsonValue);
}

/** The object in which the members of a repetition stand; a primitive gets a sibling for them. */
export function membersOf(parent: JsonObject, name: string, index: number, type: string, isArray: boolean): JsonObject {
  const entries = readEntries(parent, name);
  const entry = entries[index] ?? {};
  if (!isPrimitive(type)) return isJsonObject(entry.value) ? entry.value : {};
  if (entry.sibling) return entry.sibling;
  entry.sibling = {};
  writeEntries(parent, name, entries, isArray);
  return entry.sibling;
}
