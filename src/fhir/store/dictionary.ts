import { Float8Column, Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { unitScale } from '#lib/ucum/index.ts';
import { tokenKey } from '../indexing/token-key.ts';
import { ucumSystem } from '../indexing/ucum-system.ts';
import { type Connection, insertCodes, insertTexts, insertUnits, selectUnits } from './queries.ts';
import type { UnitEntry } from './rows.ts';

/** The code under which a text without coding is kept. */
export const textCode = (normalised: string): string => `\u0001text:${normalised}`;

interface CodeEntry {
  key: bigint;
  path: number;
  system: string;
  code: string;
}
interface TextEntry {
  key: bigint;
  path: number;
  value: string;
  original: string;
}

interface KnownCode {
  key: bigint;
  /** Those of its displays that were noted. */
  texts: Set<string> | undefined;
}

const cacheLimit = 200_000;

/**
 * What stands behind token keys and unit numbers. New entries are gathered while resources are indexed, and flushed
 * before their rows are written, on a connection of their own that commits at once: an entry without rows does no harm,
 * rows without an entry would not be found. Entries are never deleted, so that what was seen once may be remembered.
 */
export class Dictionary {
  readonly #codes = new Map<string, KnownCode>();
  /** Keys of texts without code, as they were written, by path. */
  readonly #texts = new Map<number, Map<string, bigint>>();
  #textCount = 0;
  /** A display mostly comes right after its code. */
  #last = { path: 0, system: '', code: '', known: undefined as KnownCode | undefined };
  readonly #units = new Map<string, UnitEntry & { unit?: number }>();
  #newCodes: CodeEntry[] = [];
  #newTexts: TextEntry[] = [];
  #newUnits: (UnitEntry & { unit?: number })[] = [];
  #flushing: Promise<void> = Promise.resolve();

  readonly key = tokenKey;

  /** The key of a coded value; a value not seen before is noted for the next flush. */
  codeKey(path: number, system: string, code: string): bigint {
    return this.#knownCode(path, system, code).key;
  }

  /** Notes a display of a coded value, and the value itself. */
  codeText(path: number, system: string, code: string, text: string, normalise: (text: string) => string): void {
    const known = this.#knownCode(path, system, code);
    if (known.texts?.has(text)) return;
    known.texts ??= new Set();
    known.texts.add(text);
    this.noteText(known.key, path, normalise(text), text);
  }

  /** The key of a text without code, which is noted. */
  textKey(path: number, text: string, normalise: (text: string) => string): bigint {
    let known = this.#texts.get(path);
    if (known === undefined) {
      known = new Map();
      this.#texts.set(path, known);
    }
    const noted = known.get(text);
    if (noted !== undefined) return noted;
    const value = normalise(text);
    const key = tokenKey(path, '', textCode(value));
    known.set(text, key);
    this.noteText(key, path, value, text);
    return key;
  }

  protected noteText(key: bigint, path: number, value: string, original: string): void {
    this.#textCount++;
    this.#newTexts.push({ key, path, value, original });
  }

  #knownCode(path: number, system: string, code: string): KnownCode {
    const last = this.#last;
    if (last.known && last.path === path && last.code === code && last.system === system) return last.known;
    const name = `${path}\u0000${system}\u0000${code}`;
    let known = this.#codes.get(name);
    if (known === undefined) {
      known = { key: tokenKey(path, system, code), texts: undefined };
      this.#codes.set(name, known);
      this.#newCodes.push({ key: known.key, path, system, code });
    }
    this.#last = { path, system, code, known };
    return known;
  }

  /** The same object for equal units; its number is there after the next flush. */
  noteUnit(entry: UnitEntry): UnitEntry {
    const name = `${entry.system}\u0000${entry.code}\u0000${entry.name}`;
    const known = this.#units.get(name);
    if (known) return known;
    this.#units.set(name, entry);
    this.#newUnits.push(entry);
    return entry;
  }

  unitNumber(entry: UnitEntry | undefined): number {
    if (entry === undefined) return 0;
    const { unit } = entry as { unit?: number };
    if (unit === undefined) throw new Error(`Unit ${entry.code} was not flushed`);
    return unit;
  }

  /**
   * Writes what is new, after flushes already under way: their entries count as known here, so they must be there too.
   * After a failure everything is noted again, so that the next flush tries once more.
   */
  flush(connection: Connection): Promise<void> {
    const flushed = this.#flushing.then(() => this.#flushNow(connection));
    this.#flushing = flushed.catch(() => {});
    return flushed;
  }

  async #flushNow(connection: Connection): Promise<void> {
    const codes = this.#newCodes;
    const texts = this.#newTexts;
    const units = this.#newUnits;
    this.#newCodes = [];
    this.#newTexts = [];
    this.#newUnits = [];
    try {
      await Promise.all([
        this.#writeCodes(connection, codes),
        this.#writeTexts(connection, texts),
        this.#writeUnits(connection, units),
      ]);
    } catch (error) {
      for (const each of codes) this.#newCodes.push(each);
      for (const each of texts) this.#newTexts.push(each);
      for (const each of units) this.#newUnits.push(each);
      throw error;
    }
    this.#forgetSome();
  }

  async #writeCodes(connection: Connection, entries: CodeEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const columns = [new Int8Column(), new Int4Column(), new TextColumn(), new TextColumn()] as const;
    for (const { key, path, system, code } of entries.sort(byKey)) {
      columns[0].pushBigInt(key);
      columns[1].push(path);
      columns[2].push(system);
      columns[3].push(code);
    }
    await insertCodes(connection, columns);
  }

  async #writeTexts(connection: Connection, entries: TextEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const columns = [new Int8Column(), new Int4Column(), new TextColumn(), new TextColumn()] as const;
    for (const { key, path, value, original } of entries.sort(byKey)) {
      columns[0].pushBigInt(key);
      columns[1].push(path);
      columns[2].push(value);
      columns[3].push(original);
    }
    await insertTexts(connection, columns);
  }

  async #writeUnits(connection: Connection, entries: (UnitEntry & { unit?: number })[]): Promise<void> {
    if (entries.length === 0) return;
    const columns = [new TextColumn(), new TextColumn(), new TextColumn()] as const;
    const scales = [new TextColumn(), new Float8Column(), new Float8Column()] as const;
    for (const { system, code, name } of entries) {
      columns[0].push(system);
      columns[1].push(code);
      columns[2].push(name);
      const scale = system === ucumSystem ? unitScale(code) : undefined;
      if (scale) {
        scales[0].push(scale.dimension);
        scales[1].push(scale.factor);
        scales[2].push(scale.shift);
      } else {
        for (const column of scales) column.pushNull();
      }
    }
    await insertUnits(connection, columns, scales);
    const numbers = await selectUnits(connection, columns);
    for (const [index, entry] of entries.entries()) entry.unit = numbers[index];
  }

  /** Bounds the memory; forgetting is harmless, since a second insert of an entry does nothing. */
  #forgetSome(): void {
    if (this.#codes.size > cacheLimit || this.#textCount > cacheLimit) {
      this.#codes.clear();
      this.#texts.clear();
      this.#textCount = 0;
      this.#last.known = undefined;
    }
    if (this.#units.size > cacheLimit) this.#units.clear();
  }
}

function byKey(left: { key: bigint }, right: { key: bigint }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
