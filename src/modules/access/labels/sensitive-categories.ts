import { readFileSync } from 'node:fs';

/** What a category of sensitive information is recognised by; codes by the short names of their systems. */
export interface SensitiveCategory {
  /** A code of http://terminology.hl7.org/CodeSystem/v3-ActCode */
  readonly label: string;
  readonly display: string;
  readonly en: string;
  readonly zh: string;
  /** Blocks (`F20-F48`), and beginnings of codes (`Z91.5`). */
  readonly beginsWith?: Readonly<Record<string, readonly string[]>>;
  readonly codes?: Readonly<Record<string, readonly string[]>>;
}

export interface SensitiveContent {
  readonly systems: Readonly<Record<string, readonly string[]>>;
  readonly categories: readonly SensitiveCategory[];
}

/** Which categories the codes of one system fall into. */
interface SystemLabels {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  readonly beginnings: ReadonlyMap<string, readonly string[]>;
  /** Lengths of the beginnings. */
  readonly lengths: readonly number[];
}

const load = (): SensitiveContent =>
  JSON.parse(readFileSync(new URL('../../../../content/access/sensitive-categories.json', import.meta.url), 'utf8'));

export const sensitiveContent: SensitiveContent = load();

/** By the address of a code system. */
export function compileCategories({ systems, categories }: SensitiveContent): ReadonlyMap<string, SystemLabels> {
  const compiled = new Map<string, SystemLabels>();
  for (const [name, addresses] of Object.entries(systems)) {
    const exact = new Map<string, string[]>();
    const beginnings = new Map<string, string[]>();
    for (const { label, beginsWith = {}, codes = {} } of categories) {
      for (const code of codes[name] ?? []) put(exact, withoutDots(code), label);
      for (const written of beginsWith[name] ?? []) {
        for (const beginning of beginningsOf(written)) put(beginnings, beginning, label);
      }
    }
    const lengths = [...new Set([...beginnings.keys()].map((beginning) => beginning.length))];
    for (const address of addresses) compiled.set(address, { exact, beginnings, lengths });
  }
  return compiled;
}

function put(map: Map<string, string[]>, code: string, label: string): void {
  map.set(code, [...(map.get(code) ?? []), label]);
}

/** Codes of diseases are written with a dot or without. */
const withoutDots = (code: string): string => code.toUpperCase().replaceAll('.', '');

/** `F20-F22` is F20, F21 and F22. */
function beginningsOf(written: string): string[] {
  const [, letter = '', from = '', to = ''] = /^([A-Z])(\d\d)-\1(\d\d)$/.exec(written) ?? [];
  if (letter === '') return [withoutDots(written)];
  const first = Number(from);
  return Array.from(
    { length: Number(to) - first + 1 },
    (_, index) => `${letter}${String(first + index).padStart(2, '0')}`,
  );
}

/** The categories into which a code of a system falls. */
export function categoriesOf(
  compiled: ReadonlyMap<string, SystemLabels>,
  system: string,
  code: string,
): readonly string[] {
  const labels = compiled.get(system);
  if (!labels) return [];
  const plain = withoutDots(code);
  const found = [...(labels.exact.get(plain) ?? [])];
  for (const length of labels.lengths) found.push(...(labels.beginnings.get(plain.slice(0, length)) ?? []));
  return found;
}
