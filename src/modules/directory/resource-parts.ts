import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { extensions } from './systems.ts';
import type { Term } from './vocabulary.ts';

export const listOf = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

export const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export function inEnglish(content: string): JsonObject {
  const parts: JsonObject[] = [
    { url: 'lang', valueCode: 'en' },
    { url: 'content', valueString: content },
  ];
  return { extension: [{ url: extensions.translation, extension: parts }] };
}

/** What the element beside a string says in English. */
export function englishOf(element: JsonValue | undefined): string | undefined {
  if (!isJsonObject(element)) return undefined;
  const translation = listOf(element.extension).find(({ url }) => url === extensions.translation);
  return textOf(listOf(translation?.extension).find(({ url }) => url === 'content')?.valueString);
}

export const codingOf = (system: string, { code, zh, en }: Term): JsonObject => ({
  system,
  code,
  display: zh,
  _display: inEnglish(en),
});

export const conceptOf = (system: string, term: Term): JsonObject => ({
  coding: [codingOf(system, term)],
  text: term.zh,
});

/** The code of a system among concepts. */
export const codeIn = (concepts: readonly JsonObject[], system: string): string | undefined =>
  textOf(concepts.flatMap(({ coding }) => listOf(coding)).find((coding) => coding.system === system)?.code);

export const conceptOfElement = (value: JsonValue | undefined): JsonObject[] => (isJsonObject(value) ? [value] : []);

/** A list in which the entries that fit are replaced by new ones, and all others stay as they are. */
export function replaceIn(
  value: JsonValue | undefined,
  fits: (entry: JsonObject) => boolean,
  fresh: readonly (JsonObject | undefined)[],
): JsonObject[] | undefined {
  const entries = [...fresh.filter((entry) => entry !== undefined), ...listOf(value).filter((entry) => !fits(entry))];
  return entries.length > 0 ? entries : undefined;
}

export const identifierIn = (resource: JsonObject, system: string): string | undefined =>
  textOf(listOf(resource.identifier).find((identifier) => identifier.system === system)?.value);

/** `1` of a reference to Organization/1. */
export function idOfReference(value: JsonValue | undefined, type: string): string | undefined {
  const reference = isJsonObject(value) ? textOf(value.reference) : undefined;
  return reference?.startsWith(`${type}/`) ? reference.slice(type.length + 1) : undefined;
}

/** An object without the members that are undefined. */
export const compact = (members: Readonly<Record<string, JsonValue | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
