import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '#lib/json/index.ts';

/** Elements of a resource that came from outside: what has another shape than FHIR says counts as absent. */
export function textAt(element: JsonObject | undefined, name: string): string | undefined {
  const value = element?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const isTrue = (element: JsonObject | undefined, name: string): boolean => element?.[name] === true;

export function objectAt(element: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = element?.[name];
  return isJsonObject(value) ? value : undefined;
}

export function objectsAt(element: JsonObject | undefined, name: string): JsonObject[] {
  const value = element?.[name];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textsAt(element: JsonObject | undefined, name: string): string[] {
  const value = element?.[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `value[x]` of a property, an extension or a parameter, with its name. */
export function valueIn(element: JsonObject): { name: string; value: JsonValue } | undefined {
  for (const name of Object.keys(element)) {
    if (name.startsWith('value') && name.length > 5) return { name, value: element[name] as JsonValue };
  }
  return undefined;
}

/** The text of a value: digits of a number, `true` or `false`, the code of a Coding. */
export function printValue(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isJsonObject(value)) return textAt(value, 'code');
  const number = numberValue(value);
  return number === undefined ? undefined : String(number);
}

const base = 'http://hl7.org/fhir/StructureDefinition/';

/** Extensions are named by the last part of the address where HL7 defined them. */
export const extensionsOf = (element: JsonObject | undefined, name: string): JsonObject[] =>
  objectsAt(element, 'extension').filter(({ url }) => url === base + name);

/** The text of an extension's value. */
export function extensionText(element: JsonObject | undefined, name: string): string | undefined {
  const [extension] = extensionsOf(element, name);
  return extension && printValue(valueIn(extension)?.value);
}

export const extensionUrl = (name: string): string => base + name;
