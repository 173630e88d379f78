import type { JsonObject } from '#lib/json/index.ts';
import type { CompositeParts } from '../indexing/composite-value.ts';
import type { IndexSink } from '../indexing/index-sink.ts';
import { contentOf, narrativeOf } from '../indexing/resource-text.ts';
import { anySystem, anyValue } from '../indexing/token-key.ts';
import { printTsvector } from '../indexing/words.ts';
import { CompositeRows, compositePresenceKey } from './composite-rows.ts';
import type { Dictionary } from './dictionary.ts';
import { parseLiteralReference } from './reference.ts';
import { nameOf } from './rid.ts';
import type {
  DateRow,
  PositionRow,
  QuantityRow,
  ReferenceRow,
  StringRow,
  TextSearch,
  TokenRow,
  WordsRow,
} from './rows.ts';

/** An entry of PostgreSQL's btree holds 2,700 bytes: longer codes are kept by their hash alone, longer texts by their start. */
const longestDictionaryEntry = 600;

const isLong = (system: string, code: string): boolean => code.length + system.length > longestDictionaryEntry;

/** Collects the index rows of a batch of resources, as their extractors report them. */
export class IndexRows implements IndexSink {
  readonly tokens: TokenRow[] = [];
  readonly references: ReferenceRow[] = [];
  readonly dates: DateRow[] = [];
  readonly quantities: QuantityRow[] = [];
  readonly strings: StringRow[] = [];
  readonly positions: PositionRow[] = [];
  readonly words: WordsRow[] = [];
  readonly composites: CompositeRows;
  readonly #dictionary: Dictionary;
  readonly #normalise: (text: string) => string;
  #rid = 0;

  constructor(dictionary: Dictionary, normalise: (text: string) => string) {
    this.#dictionary = dictionary;
    this.#normalise = normalise;
    this.composites = new CompositeRows(dictionary, normalise, (path, system, code) =>
      isLong(system, code) ? dictionary.key(path, system, code) : dictionary.codeKey(path, system, code),
    );
  }

  /** Names of the resources that are referred to (`Patient/1`), repeated. */
  targetNames(): string[] {
    return [...this.references.map(({ target }) => target), ...this.composites.targets()];
  }

  /** The following rows belong to this resource. */
  begin(rid: number): void {
    this.#rid = rid;
    this.composites.begin();
  }

  /** The words of the resource's texts. */
  noteWords(resource: JsonObject, textSearch: TextSearch): void {
    if (textSearch === 'off') return;
    const narrative = printTsvector(narrativeOf(resource));
    const content = textSearch === 'content' ? printTsvector(contentOf(resource)) : null;
    if (narrative !== null || content !== null) this.words.push({ rid: this.#rid, narrative, content });
  }

  code(path: number, system: string, code: string): void {
    if (isLong(system, code)) {
      this.identifier(path, system, code);
      return;
    }
    this.tokens.push({ key: this.#dictionary.codeKey(path, system, code), rid: this.#rid });
  }

  codeText(path: number, system: string, code: string, written: string): void {
    const text = written.slice(0, longestDictionaryEntry);
    if (isLong(system, code)) return;
    if (code !== '') this.#dictionary.codeText(path, system, code, text, this.#normalise);
    else this.tokens.push({ key: this.#dictionary.textKey(path, text, this.#normalise), rid: this.#rid });
  }

  identifier(path: number, system: string, value: string): void {
    const { key } = this.#dictionary;
    this.tokens.push({ key: key(path, system, value), rid: this.#rid });
    this.tokens.push({ key: key(path, anySystem, value), rid: this.#rid });
    this.tokens.push({ key: key(path, anySystem, anyValue), rid: this.#rid });
    if (system !== '') this.tokens.push({ key: key(path, system, anyValue), rid: this.#rid });
  }

  reference(path: number, reference: string): void {
    if (reference.startsWith('#')) return;
    const target = parseLiteralReference(reference);
    if (target) {
      this.references.push({ path, target: nameOf(target.type, target.id), rid: this.#rid });
      return;
    }
    const { key } = this.#dictionary;
    this.tokens.push({ key: key(path, '', reference), rid: this.#rid });
    this.tokens.push({ key: key(path, anySystem, anyValue), rid: this.#rid });
  }

  date(path: number, low: number, high: number): void {
    this.dates.push({ path, low, high, rid: this.#rid });
  }

  number(path: number, low: number, high: number): void {
    this.quantities.push({ path, low, high, unit: undefined, rid: this.#rid });
  }

  quantity(path: number, low: number, high: number, system: string, code: string, unit: string): void {
    const entry = this.#dictionary.noteUnit({ system, code, name: unit });
    this.quantities.push({ path, low, high, unit: entry, rid: this.#rid });
  }

  string(path: number, value: string): void {
    const normalised = this.#normalise(value);
    this.strings.push({ path, value: normalised, original: normalised === value ? undefined : value, rid: this.#rid });
  }

  uri(path: number, value: string): void {
    this.strings.push({ path, value, original: undefined, rid: this.#rid });
  }

  composite(path: number, parts: CompositeParts): void {
    const { length } = this.composites.keys;
    this.composites.add(path, parts, this.#rid);
    if (this.composites.keys.length > length) this.tokens.push({ key: compositePresenceKey(path), rid: this.#rid });
  }

  position(path: number, latitude: number, longitude: number): void {
    this.positions.push({ path, latitude, longitude, rid: this.#rid });
  }
}
