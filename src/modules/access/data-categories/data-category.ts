import { readFileSync } from 'node:fs';
import { Failure } from '#lib/failure.ts';

/** Some of the data of a record that a resident can open or close by name. */
export interface DataCategory {
  /** 0 to 63; it stands in stored grants and never changes. */
  readonly number: number;
  /** A code of http://meridian.health/fhir/CodeSystem/data-category */
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  /** Opened by its own name only, never as part of everything. */
  readonly isSensitive: boolean;
  /** All that there is. */
  readonly isWhole: boolean;
  /** Searches of a type that say what of it belongs to the category; all of the type where one is empty. */
  readonly searches: ReadonlyMap<string, readonly string[]>;
  /** Token parameters of a type by which it carries a code of one of `codes`. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
  readonly codes: readonly CodeRange[];
}

/** Codes of a system from one on, up to another one, as text is ordered by its bytes. */
export interface CodeRange {
  readonly system: string;
  readonly from: string;
  readonly until: string;
}

type Lists = Readonly<Record<string, readonly string[]>>;

interface Written {
  readonly number: number;
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly sensitive?: boolean;
  readonly whole?: boolean;
  readonly of?: Lists;
  readonly codes?: Lists;
  readonly beginsWith?: Lists;
  readonly by?: Lists;
  readonly labels?: readonly string[];
}

export interface WrittenCategories {
  readonly systems: Lists;
  readonly categories: readonly Written[];
}

const file = new URL('../../../../content/access/data-categories.json', import.meta.url);

/** As content/access/data-categories.json says; `types` are those that can carry a label. */
export const readDataCategories = (types: readonly string[]): DataCategory[] =>
  parseDataCategories(JSON.parse(readFileSync(file, 'utf8')), types);

export function parseDataCategories(
  { systems, categories }: WrittenCategories,
  types: readonly string[],
): DataCategory[] {
  const taken = new Set<number | string>();
  return categories.map((written) => {
    const { number, code, en, zh, sensitive = false, whole = false, by = {} } = written;
    if (!Number.isInteger(number) || number < 0 || number > 63 || taken.has(number) || taken.has(code)) {
      throw new Failure('invalid', `Give the data category ${code} a code and a number (0 to 63) of its own.`);
    }
    taken.add(number).add(code);
    return {
      number,
      code,
      en,
      zh,
      isSensitive: sensitive,
      isWhole: whole,
      searches: searchesOf(written, types),
      parameters: new Map(Object.entries(by)),
      codes: rangesOf(written, systems),
    };
  });
}

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

function searchesOf({ of = {}, labels = [] }: Written, types: readonly string[]): Map<string, readonly string[]> {
  const searches = new Map<string, readonly string[]>(Object.entries(of));
  const labelled = `_security=${labels.map((label) => `${actCode}|${label}`).join(',')}`;
  for (const type of labels.length > 0 ? types : []) searches.set(type, [...(searches.get(type) ?? []), labelled]);
  return searches;
}

function rangesOf({ codes = {}, beginsWith = {} }: Written, systems: Lists): CodeRange[] {
  const of = (lists: Lists, range: (written: string) => Omit<CodeRange, 'system'>): CodeRange[] =>
    Object.entries(lists).flatMap(([name, written]) => {
      const addresses = systems[name];
      if (!addresses) throw new Failure('invalid', `The data categories name the system ${name}; give its address.`);
      return addresses.flatMap((system) => written.map((one) => ({ system, ...range(one) })));
    });
  return [...of(codes, (code) => ({ from: code, until: `${code}\u0001` })), ...of(beginsWith, blockOf)];
}

/** `E10-E14`: whatever begins with E10, E11 ... E14; `E10`: whatever begins with it. */
export function blockOf(written: string): { from: string; until: string } {
  const [from = '', last = from] = written.split('-');
  return { from, until: last.slice(0, -1) + String.fromCharCode(last.charCodeAt(last.length - 1) + 1) };
}
