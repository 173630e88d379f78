import type { JsonObject } from '#lib/json/index.ts';
import type { ElementPath, JsonStep } from './element-path.ts';
import type { IndexSink } from './index-sink.ts';
import type { PlannedParameter } from './plan-parameter.ts';
import type { Conversion } from './value-conversion.ts';

/** Reports all index rows of a resource of one type. */
export type Extractor = (resource: JsonObject, sink: IndexSink) => void;

interface Leaf {
  readonly convert: Conversion;
  readonly path: number;
  readonly sibling: number;
}

/** A place in the JSON of a resource type, with all that is taken from it: each element is visited once. */
interface Place {
  readonly leaves: Leaf[];
  readonly below: Map<string, { readonly step: JsonStep; readonly place: Place }>;
}

const newPlace = (): Place => ({ leaves: [], below: new Map() });

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
  for (const { plan, branches } of parameters) {
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

/** Prints the source of an extractor; conversions are passed in as c0, c1 and so on. */
class ExtractorSource {
  readonly conversions: Conversion[] = [];
  readonly lines: string[] = [];
  #variables = 0;

  print(place: Place, value: string): void {
    for (const leaf of place.leaves) this.#printLeaf(leaf, value);
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
export function compileExtractor(parameters: Iterable<PlannedParameter>): Extractor {
  const source = new ExtractorSource();
  source.print(gatherPlaces(parameters), 'resource');
  const names = source.conversions.map((_, index) => `c${index}`);
  const body = `'use strict'; return (resource, sink) => {\n${source.lines.join('\n')}\n};`;
  return new Function('is', ...names, body)(isTrueOrPresent, ...source.conversions) as Extractor;
}
