import type { JsonObject } from '#lib/json/index.ts';
import { type PropertyNames, propertyNames } from './concept.ts';
import type { Concepts } from './concepts.ts';
import { objectsAt, textAt } from './element.ts';
import { type ConceptSource, flattenConcepts } from './hierarchy.ts';
import { createMemoryConcepts } from './memory-concepts.ts';
import { joinCanonical } from './version.ts';

/** One version of a code system, ready to be asked. */
export interface CodeSystem {
  readonly url: string;
  readonly version: string | undefined;
  /** The resource; its concepts are asked for through `concepts`. */
  readonly resource: JsonObject;
  readonly language: string | undefined;
  /** `complete`, `fragment`, `example`, `not-present` or `supplement`. */
  readonly content: string;
  readonly names: PropertyNames;
  readonly concepts: Concepts;
  /** Canonical addresses of the supplements that were worked in. */
  readonly supplements: readonly string[];
}

/** Codes are told apart by case unless the code system says that they are not. */
export const isCaseSensitive = (resource: JsonObject): boolean => resource.caseSensitive !== false;

export function describeCodeSystem(resource: JsonObject): Omit<CodeSystem, 'concepts' | 'supplements'> {
  return {
    url: textAt(resource, 'url') ?? '',
    version: textAt(resource, 'version'),
    resource,
    language: textAt(resource, 'language'),
    content: textAt(resource, 'content') ?? 'complete',
    names: propertyNames(resource),
  };
}

/** A code system that is kept in memory, with what supplements add to its concepts. */
export function createCodeSystem(resource: JsonObject, supplements: readonly JsonObject[] = []): CodeSystem {
  const described = describeCodeSystem(withProperties(resource, supplements));
  const sources = supplement(flattenConcepts(resource, described.names), supplements);
  return {
    ...described,
    concepts: createMemoryConcepts(sources, described.names, isCaseSensitive(resource)),
    supplements: supplements.map((one) => joinCanonical(textAt(one, 'url') ?? '', textAt(one, 'version'))),
  };
}

export function withProperties(resource: JsonObject, supplements: readonly JsonObject[]): JsonObject {
  if (supplements.length === 0) return resource;
  const more = supplements.flatMap((one) => objectsAt(one, 'property'));
  return { ...resource, property: [...objectsAt(resource, 'property'), ...more] };
}

/** Adds the designations, properties and extensions of supplements to the concepts of the same code. */
function supplement(sources: readonly ConceptSource[], supplements: readonly JsonObject[]): readonly ConceptSource[] {
  if (supplements.length === 0) return sources;
  const additions = additionsOf(supplements);
  return sources.map((source) => {
    const added = additions.get(source.code);
    return added ? { ...source, content: mergeContent(source.content, added) } : source;
  });
}

/** What supplements say of a code, as one content for each code. */
export function additionsOf(supplements: readonly JsonObject[]): Map<string, JsonObject> {
  const additions = new Map<string, JsonObject>();
  for (const one of supplements) {
    // Told of a designation in $lookup.
    const source = joinCanonical(textAt(one, 'url') ?? '', textAt(one, 'version'));
    for (const { code, content, display } of flattenConcepts(one, propertyNames(one))) {
      const ofDisplay = display === undefined ? [] : [{ value: display, ...languageOf(one) }];
      const designation = [...objectsAt(content, 'designation'), ...ofDisplay].map((each) => ({ ...each, source }));
      const withDisplay = { ...content, designation };
      const known = additions.get(code);
      additions.set(code, known ? mergeContent(known, withDisplay) : withDisplay);
    }
  }
  return additions;
}

function languageOf(resource: JsonObject): JsonObject {
  const language = textAt(resource, 'language');
  return language === undefined ? {} : { language };
}

/** Of two contents of a concept, the lists of both; all else is that of the first. */
export function mergeContent(content: JsonObject, more: JsonObject): JsonObject {
  const merged: JsonObject = { ...content };
  for (const name of ['designation', 'property', 'extension']) {
    const added = objectsAt(more, name);
    if (added.length > 0) merged[name] = [...objectsAt(content, name), ...added];
  }
  return merged;
}
