import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type Concept, isAbstractContent, isInactiveContent, type PropertyNames, propertyTexts } from './concept.ts';
import { objectsAt, textAt } from './element.ts';

/** A concept as it is written down, with the codes of its parents. */
export interface ConceptSource {
  readonly code: string;
  readonly display: string | undefined;
  readonly content: JsonObject;
  readonly parents: readonly string[];
}

const mostAncestors = 2_000;

/** The concepts of CodeSystem.concept with all below them, parents before children; each code once. */
export function flattenConcepts(codeSystem: JsonObject, names: PropertyNames): ConceptSource[] {
  const flat: ConceptSource[] = [];
  const seen = new Set<string>();
  const waiting = objectsAt(codeSystem, 'concept')
    .map((element) => ({ element, parent: undefined as string | undefined }))
    .reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { element, parent } = next;
    const code = textAt(element, 'code');
    if (code === undefined || seen.has(code)) continue;
    seen.add(code);
    const { concept: _, code: __, display: ___, ...content } = element;
    flat.push({ code, display: textAt(element, 'display'), content, parents: parentsOf(content, parent, names) });
    for (const child of objectsAt(element, 'concept').reverse()) waiting.push({ element: child, parent: code });
  }
  return withChildProperties(flat, names);
}

const subsumption = 'subsumedBy';

function parentsOf(content: JsonObject, above: string | undefined, names: PropertyNames): string[] {
  const named = [...propertyTexts(content, names.parent), ...propertyTexts(content, subsumption)];
  return [...new Set(above === undefined ? named : [above, ...named])];
}

/** A property `child` says of the other what `parent` would. */
function withChildProperties(flat: ConceptSource[], names: PropertyNames): ConceptSource[] {
  const parents = new Map<string, string[]>();
  for (const { code, content } of flat) {
    for (const child of propertyTexts(content, names.child)) parents.set(child, [...(parents.get(child) ?? []), code]);
  }
  if (parents.size === 0) return flat;
  return flat.map((source) => {
    const more = parents.get(source.code);
    return more ? { ...source, parents: [...new Set([...source.parents, ...more])] } : source;
  });
}

/**
 * Numbers concepts from `first` on and finds their ancestors. Parents that are not there are left out; where parents form
 * a circle, each is an ancestor of the others and none of itself.
 */
export function* numberConcepts(
  sources: readonly ConceptSource[],
  names: PropertyNames,
  first: number,
): Generator<Concept> {
  const numbers = new Map(sources.map(({ code }, index) => [code, index]));
  const parents = sources.map(({ code, parents: codes }) =>
    codes.flatMap((parent) => (parent === code ? [] : (numbers.get(parent) ?? []))),
  );
  const withChildren = new Set(parents.flat());
  for (const [index, { code, display, content }] of sources.entries()) {
    yield {
      number: first + index,
      code,
      display,
      content,
      parents: (parents[index] ?? []).map((parent) => first + parent),
      ancestors: ancestorsOf(index, parents, code).map((ancestor) => first + ancestor),
      isInactive: isInactiveContent(content, names),
      isAbstract: isAbstractContent(content, names),
      hasChildren: withChildren.has(index),
    };
  }
}

function ancestorsOf(index: number, parents: readonly (readonly number[])[], code: string): number[] {
  const found = new Set<number>();
  const waiting = [...(parents[index] ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === index || found.has(at)) continue;
    if (found.size >= mostAncestors) {
      throw new Failure(
        'too-costly',
        `More than ${mostAncestors} concepts stand above ${code}. Flatten the hierarchy of the code system.`,
      );
    }
    found.add(at);
    waiting.push(...(parents[at] ?? []));
  }
  return [...found];
}
