import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** An item of a Questionnaire with what stands in it. */
export interface Question {
  readonly linkId: string;
  readonly type: string;
  readonly definition: JsonObject;
  readonly items: readonly Question[];
}

export function questionsOf(holder: JsonObject): Question[] {
  return objectsIn(holder.item).map((definition) => ({
    linkId: String(definition.linkId),
    type: String(definition.type),
    definition,
    items: questionsOf(definition),
  }));
}

export const objectsIn = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** `value[x]` or `answer[x]`, with the type in its name: `Quantity`, `DateTime`. */
export function valueIn(object: JsonObject, name: 'value' | 'answer'): { type: string; value: JsonValue } | undefined {
  for (const key in object) {
    const type = key.startsWith(name) ? key.slice(name.length) : '';
    if (/^[A-Z]/.test(type)) return { type, value: object[key] as JsonValue };
  }
  return undefined;
}

export const extensionsOf = (holder: JsonObject, url: string): JsonObject[] =>
  objectsIn(holder.extension).filter((extension) => extension.url === url);

/** The value of the first extension with this address. */
export function extensionValue(holder: JsonObject, url: string): JsonValue | undefined {
  const [extension] = extensionsOf(holder, url);
  return extension && valueIn(extension, 'value')?.value;
}

export const core = 'http://hl7.org/fhir/StructureDefinition/';
export const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';
