import type { JsonObject } from '#lib/json/index.ts';
import {
  anySystem,
  anyValue,
  type CompositeParts,
  type IndexSink,
  indexResource,
  normaliseString,
  tokenKey,
} from '../../indexing/index.ts';
import { parseLiteralReference } from '../../store/index.ts';
import type { QuantityValue } from './match-range.ts';

/** As in the dictionary of codes: longer ones are kept like identifiers. */
const longestCode = 600;
const mostKeys = 100_000;
const knownKeys = new Map<string, bigint>();

/** Codes come again and again, and a hash takes longer than a look-up. */
function codeKey(path: number, system: string, code: string): bigint {
  const name = `${path}\u0000${system}\u0000${code}`;
  const known = knownKeys.get(name);
  if (known !== undefined) return known;
  if (knownKeys.size >= mostKeys) knownKeys.clear();
  const key = tokenKey(path, system, code);
  knownKeys.set(name, key);
  return key;
}

/** Tells a sink what is indexed of a resource. */
export type Index = (resource: JsonObject, sink: IndexSink) => void;

/** What the search index would hold of one version, in memory: criteria are held against it without the database. */
export class ResourceFacts implements IndexSink {
  readonly type: string;
  readonly id: string;
  /** Microseconds since 1970 UTC. */
  readonly updated: number;
  readonly keys = new Set<bigint>();
  readonly codes: { path: number; system: string; code: string }[] = [];
  readonly texts: { path: number; text: string }[] = [];
  readonly tokenPaths = new Set<number>();
  /** `path Type/id`. */
  readonly references = new Set<string>();
  readonly referencePaths = new Set<number>();
  readonly dates: { path: number; low: number; high: number }[] = [];
  readonly quantities: (QuantityValue & { path: number })[] = [];
  readonly strings: { path: number; value: string; written: string }[] = [];
  readonly composites: { path: number; parts: CompositeParts }[] = [];
  readonly positions: { path: number; latitude: number; longitude: number }[] = [];

  protected constructor({ resourceType, id }: JsonObject, updated: number) {
    this.type = resourceType as string;
    this.id = id as string;
    this.updated = updated;
  }

  static of(resource: JsonObject, updated: number, index: Index = indexResource): ResourceFacts {
    const facts = new ResourceFacts(resource, updated);
    index(resource, facts);
    return facts;
  }

  code(path: number, system: string, code: string): void {
    if (code.length + system.length > longestCode) {
      this.identifier(path, system, code);
      return;
    }
    this.tokenPaths.add(path);
    this.codes.push({ path, system, code });
    this.keys.add(codeKey(path, system, code));
  }

  codeText(path: number, _system: string, _code: string, text: string): void {
    this.tokenPaths.add(path);
    this.texts.push({ path, text: normaliseString(text.slice(0, longestCode)) });
  }

  identifier(path: number, system: string, value: string): void {
    this.tokenPaths.add(path);
    this.keys.add(tokenKey(path, system, value));
    this.keys.add(tokenKey(path, anySystem, value));
    if (system !== '') this.keys.add(tokenKey(path, system, anyValue));
  }

  reference(path: number, reference: string): void {
    if (reference.startsWith('#')) return;
    this.referencePaths.add(path);
    const target = parseLiteralReference(reference);
    if (target) this.references.add(`${path} ${target.type}/${target.id}`);
    else this.keys.add(tokenKey(path, '', reference));
  }

  date(path: number, low: number, high: number): void {
    this.dates.push({ path, low, high });
  }

  number(path: number, low: number, high: number): void {
    this.quantities.push({ path, low, high });
  }

  quantity(path: number, low: number, high: number, system: string, code: string, name: string): void {
    this.quantities.push({ path, low, high, unit: { system, code, name } });
  }

  string(path: number, written: string): void {
    this.strings.push({ path, value: normaliseString(written), written });
  }

  uri(path: number, written: string): void {
    this.strings.push({ path, value: written, written });
  }

  composite(path: number, parts: CompositeParts): void {
    this.composites.push({ path, parts });
  }

  position(path: number, latitude: number, longitude: number): void {
    this.positions.push({ path, latitude, longitude });
  }
}
