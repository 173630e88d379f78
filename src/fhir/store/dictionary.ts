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

const cacheLimit = 200_000;

/**
 * What stands behind token keys and unit numbers. New entries are gathered while resources are indexed, and flushed
 * before their rows are written, on a connection of their own that commits at once: an entry without rows does no harm,
 * rows without an entry would not be found. Entries are never deleted, so that what was seen once may be remembered.
 */
export class Dictionary {
  readonly #codes = new Map<string, bigint>();
  readonly #texts = new Set<string>();
  readonly #units = new Map<string, UnitEntry & { unit?: number }>();
  #newCodes: CodeEntry[] = [];
  #newTexts: TextEntry[] = [];
  #newUnits: (UnitEntry & { unit?: number })[] = [];
  #flushing: Promise<void> = Promise.resolve();

  readonly key = tokenKey;

  /** The key of a coded value; a value not seen before is noted for the next flush. */
  codeKey(path: number, system: string, code: string): bigint {
    const name = `${path}\u0000${system}\u0000${code}`;
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const key = tokenKey(path, system, code);
    this.#codes.set(name, key);
    this.#newCodes.push({ key, path, system, code });
    return key;
  }

  noteText(key: bigint, path: number, value: string, original: string): void {
    const name = `${key}\u0000${original}`;
    if (this.#texts.has(name)) return;
    this.#texts.add(name);
    this.#newTexts.push({ key, path, value, original });
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
      this.#newCodes.push(...codes);
      this.#newTexts.push(...texts);
      this.#newUnits.push(...units);
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
    if (this.#codes.size > cacheLimit) this.#codes.clear();
    if (this.#texts.size > cacheLimit) this.#texts.clear();
    if (this.#units.size > cacheLimit) this.#units.clear();
  }
}

function byKey(left: { key: bigint }, right: { key: bigint }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
