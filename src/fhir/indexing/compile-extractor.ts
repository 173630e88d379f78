import type { JsonObject } from '#lib/json/index.ts';
import { CompositeCollector } from './composite-collector.ts';
import type { CompositeValue } from './composite-value.ts';
import type { ElementPath, JsonStep } from './element-path.ts';
import type { IndexSink } from './index-sink.ts';
import type { PlannedComposite, PlannedPart } from './plan-composite.ts';
import type { PlannedParameter } from './plan-parameter.ts';
import type { Conversion } from './value-conversion.ts';

/** Reports all index rows of a resource of one type. */
export type Extractor = (resource: JsonObject, sink: IndexSink) => void;

interface Leaf {
  readonly convert: Conversion;
  readonly path: number;
  readonly sibling: number;
}

/** Tells the sink what stands together in one element of a resource. */
type CompositeExtractor = (sink: IndexSink, element: unknown, resource: JsonObject) => void;

/** A place in the JSON of a resource type, with all that is taken from it: each element is visited once. */
interface Place {
  readonly leaves: Leaf[];
  readonly composites: CompositeExtractor[];
  readonly below: Map<string, { readonly step: JsonStep; readonly place: Place }>;
}

const newPlace = (): Place => ({ leaves: [], composites: [], below: new Map() });

function placeAt(root: Place, element: ElementPath): Place {
  let place = root;
  for (const step of element.steps) {
    const name = JSON.stringify(step);
    const next = place.below.get(name) ?? { step, place: newPlace() };
    place.below.set(name, next);
    place = next.place;
  }
  return place;
}

/** Aliases name the same path; it is taken once. */
function gatherPlaces(parameters: Iterable<PlannedParameter>): Place {
  const root = newPlace();
  const seen = new Set<number>();
  for (const { plan, branches, composites = [] } of parameters) {
    for (const composite of composites) {
      if (seen.has(composite.path)) continue;
      seen.add(composite.path);
      placeAt(root, composite.base).composites.push(compileComposite(composite));
    }
    for (const [index, branch] of branches.entries()) {
      const numbered = plan.branches[index];
      if (numbered === undefined || seen.has(numbered.path)) continue;
      seen.add(numbered.path);
      const sibling = numbered.ofTypePath ?? numbered.identifierPath ?? 0;
      for (const { element, convert } of branch.values) {
        placeAt(root, element).leaves.push({ convert, path: numbered.path, sibling });
      }
    }
  }
  return root;
}

/** Prints the source of an extractor; conversions are passed in as c0, c1 and so on, composites as x0, x1. */
class ExtractorSource {
  readonly conversions: Conversion[] = [];
  readonly composites: CompositeExtractor[] = [];
  readonly lines: string[] = [];
  #variables = 0;

  print(place: Place, value: string): void {
    for (const leaf of place.leaves) this.#printLeaf(leaf, value);
    for (const composite of place.composites) {
      this.lines.push(`x${this.composites.push(composite) - 1}(sink, ${value}, resource);`);
    }
    for (const { step, place: next } of place.below.values()) this.#printStep(step, next, value);
  }

  #printLeaf({ convert, path, sibling }: Leaf, value: string): void {
    let index = this.conversions.indexOf(convert);
    if (index < 0) index = this.conversions.push(convert) - 1;
    this.lines.push(`c${index}(sink, ${path}, ${sibling}, ${value});`);
  }

  #printStep(step: JsonStep, next: Place, value: string): void {
    if (step.kind === 'where') {
      this.lines.push(`if (${value}[${JSON.stringify(step.property)}] === ${JSON.stringify(step.equals)}) {`);
      this.print(next, value);
      this.lines.push('}');
    } else if (step.kind === 'true-or-present') {
      const conditions = step.properties.map((property) => `is(${value}[${JSON.stringify(property)}])`);
      this.print(next, `(${conditions.join(' || ')})`);
    } else {
      this.#printProperty(step, next, value);
    }
  }

  #printProperty(step: JsonStep & { kind: 'property' }, next: Place, value: string): void {
    const variable = this.#variable();
    this.lines.push(`const ${variable} = ${value}[${JSON.stringify(step.name)}];`);
    if (!step.array) {
      this.lines.push(`if (${variable} != null) {`);
      this.print(next, variable);
      this.lines.push('}');
      return;
    }
    const item = this.#variable();
    const items = step.index === undefined ? variable : `${variable}.slice(${step.index}, ${step.index + 1})`;
    this.lines.push(`if (Array.isArray(${variable})) for (const ${item} of ${items}) if (${item} != null) {`);
    this.print(next, item);
    this.lines.push('}');
  }

  #variable(): string {
    this.#variables += 1;
    return `v${this.#variables}`;
  }
}

const isTrueOrPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

/**
 * One function for all parameters of a resource type. It is compiled from source: property names and literals come from
 * the definitions and are quoted, and a plain function is what V8 makes fastest (docs/adr/0004).
 */
export const compileExtractor = (parameters: Iterable<PlannedParameter>): Extractor =>
  compilePlaces(gatherPlaces(parameters)) as Extractor;

function compilePlaces(root: Place): (element: unknown, sink: IndexSink) => void {
  const source = new ExtractorSource();
  source.print(root, 'resource');
  const conversions = source.conversions.map((_, index) => `c${index}`);
  const composites = source.composites.map((_, index) => `x${index}`);
  const body = `'use strict'; return (resource, sink) => {\n${source.lines.join('\n')}\n};`;
  const compile = new Function('is', ...conversions, ...composites, body);
  return compile(isTrueOrPresent, ...source.conversions, ...source.composites);
}

type PartExtractor = (element: unknown, resource: JsonObject) => CompositeValue[];

function compilePart({ path, values, isFromRoot }: PlannedPart): PartExtractor {
  const root = newPlace();
  for (const { element, convert } of values) placeAt(root, element).leaves.push({ convert, path, sibling: 0 });
  const extract = compilePlaces(root);
  const collector = new CompositeCollector();
  return (element, resource) => {
    extract(isFromRoot ? resource : element, collector);
    return collector.take();
  };
}

/** Most elements have no value for the last part: it is looked at first. */
function compileComposite({ path, parts }: PlannedComposite): CompositeExtractor {
  const extractors = parts.map(compilePart);
  return (sink, element, resource) => {
    const found: CompositeValue[][] = [];
    for (let index = extractors.length - 1; index >= 0; index -= 1) {
      const values = extractors[index]?.(element, resource) ?? [];
      if (values.length === 0) return;
      found.unshift(values);
    }
    sink.composite(path, found);
  };
}
