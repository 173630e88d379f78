import { type ElementModel, typeModel } from '#fhir/definitions/index.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const instants = ['2024-02-29T23:59:59+08:00', '1969-12-31T00:00:00.250Z', '2021-06-01T12:30:15.123456-05:00'];
const uris = ['http://example.org/a', 'urn:oid:1.2.3', 'https://example.org/very/long#fragment'];

/** Values worth trying; `code` has the literals that search parameters ask for. */
const primitives: Readonly<Record<string, readonly JsonValue[]>> = {
  boolean: [true, false],
  integer: [0, -7, 42],
  positiveInt: [1, 12],
  unsignedInt: [0, 3],
  decimal: [0.5, -1.25, 37.2, 1e3],
  string: ['Müller', '张三', 'Anna  Maria', 'ＡＢＣ'],
  markdown: ['*text*'],
  code: ['phone', 'email', 'composed-of', 'depends-on', 'derived-from', 'predecessor', 'successor', 'final'],
  id: ['a1', 'b-2'],
  uri: uris,
  url: uris,
  oid: ['urn:oid:2.16.840'],
  uuid: ['urn:uuid:0195b3f2-6f5e-7c1d-8a2b-3c4d5e6f7a8b'],
  canonical: ['http://example.org/x', 'http://example.org/x|2.0'],
  date: ['2024', '2024-02', '2024-02-29', '1900-01-01'],
  dateTime: ['2023', '2023-12', '2023-12-31', ...instants],
  instant: instants,
  time: ['12:00:00'],
  base64Binary: ['QUJD'],
  xhtml: ['<div xmlns="http://www.w3.org/1999/xhtml">a</div>'],
};

const left = new Set(['Extension', 'Narrative', 'xhtml']);

/** Fills in a resource from its definition, down to a depth where search parameters no longer look. */
class ResourceGrower {
  readonly #random: () => number;
  readonly #deepest: number;

  constructor(random: () => number, deepest: number) {
    this.#random = random;
    this.#deepest = deepest;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  grow(type: string, depth: number): JsonObject {
    const object: JsonObject = {};
    const elements = Object.entries(typeModel(type)?.elements ?? {});
    for (const [name, element] of this.#oneOfEachChoice(elements)) {
      if (left.has(element.type) || name === 'contained' || this.#random() < 0.3) continue;
      const value = this.#value(element, depth + 1);
      if (value !== undefined) object[name] = element.array ? [value, ...this.#more(element, depth + 1)] : value;
    }
    return object;
  }

  #oneOfEachChoice(elements: readonly [string, ElementModel][]): [string, ElementModel][] {
    const choices = new Map<string, [string, ElementModel][]>();
    for (const entry of elements) {
      const name = entry[1].choice ?? entry[0];
      choices.set(name, [...(choices.get(name) ?? []), entry]);
    }
    return [...choices.values()].map((entries) => this.#pick(entries));
  }

  #more(element: ElementModel, depth: number): JsonValue[] {
    const value = this.#random() < 0.3 ? this.#value(element, depth) : undefined;
    return value === undefined ? [] : [value];
  }

  #value({ type, targets }: ElementModel, depth: number): JsonValue | undefined {
    const values = primitives[type];
    if (values) return this.#pick(values);
    if (type === 'Resource') return { resourceType: this.#pick(['Composition', 'MessageHeader']), id: 'inner' };
    if (depth > this.#deepest) return undefined;
    const grown = this.grow(type, depth);
    if (type !== 'Reference') return Object.keys(grown).length === 0 ? undefined : grown;
    const target = this.#pick(targets?.includes('Resource') ? ['Patient', 'Group'] : (targets ?? ['Patient']));
    return {
      ...grown,
      reference: this.#pick([`${target}/1`, `http://example.org/fhir/${target}/2/_history/3`, 'urn:uuid:4']),
    };
  }
}

/** A resource of a type with values in most of its elements: not sensible, but of the right shape. */
export const randomResource = (resourceType: string, random: () => number): JsonObject => ({
  resourceType,
  ...new ResourceGrower(random, 4).grow(resourceType, 0),
  id: 'random',
});
