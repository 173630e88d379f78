import { readFileSync } from 'node:fs';
import { parseUnit } from '#lib/ucum/index.ts';

/** The codes of a value set, as far as the definitions of R4 enumerate them. */
export interface CodeSet {
  /** Whether any system of the set has the code. */
  hasCode(code: string): boolean;
  has(system: string | undefined, code: string): boolean;
  readonly systems: readonly string[];
}

const load = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../definitions/generated/${file}`, import.meta.url), 'utf8')) as T;

let digests:
  | { valueSets: Record<string, Record<string, string | null>>; codeSystems: Record<string, string> }
  | undefined;

function loaded() {
  digests ??= { valueSets: load('value-sets.json'), codeSystems: load('code-systems.json') };
  return digests;
}

const sets = new Map<string, CodeSet | undefined>();
const systems = new Map<string, ReadonlySet<string> | undefined>();

/** The codes of an enumerated code system of R4. */
export function codesOfSystem(system: string): ReadonlySet<string> | undefined {
  if (!systems.has(system)) {
    const { codeSystems } = loaded();
    const codes = Object.hasOwn(codeSystems, system) ? (codeSystems[system] as string) : undefined;
    systems.set(system, codes === undefined ? undefined : new Set(codes.split('\n')));
  }
  return systems.get(system);
}

/** Undefined when the value set is not of R4, or is not enumerable. A version behind `|` is left aside. */
export function codeSet(url: string): CodeSet | undefined {
  const plain = url.replace(/\|.*$/, '');
  if (!sets.has(plain)) {
    const { valueSets } = loaded();
    if (!formats.has(plain) && !Object.hasOwn(valueSets, plain)) return undefined;
    sets.set(plain, formats.get(plain) ?? enumerated(valueSets[plain] ?? {}));
  }
  return sets.get(plain);
}

function enumerated(codesBySystem: Record<string, string | null>): CodeSet {
  const bySystem = new Map<string, ReadonlySet<string>>();
  for (const [system, codes] of Object.entries(codesBySystem)) {
    const set = codes === null ? codesOfSystem(system) : new Set(codes.split('\n'));
    if (set) bySystem.set(system, set);
  }
  const all = new Set([...bySystem.values()].flatMap((codes) => [...codes]));
  return {
    systems: [...bySystem.keys()],
    hasCode: (code) => all.has(code),
    has: (system, code) => system !== undefined && (bySystem.get(system)?.has(code) ?? false),
  };
}

function byFormat(systems: readonly string[], isCode: (code: string) => boolean): CodeSet {
  return {
    systems,
    hasCode: isCode,
    has: (system, code) => system !== undefined && systems.includes(system) && isCode(code),
  };
}

/** Formats of FHIR have short names beside their MIME types. */
const mimeType = /^(?:[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:\s*;.*)?|json|xml|ttl)$/;

/** Value sets too large or too open to enumerate, whose codes have a form that can be checked. */
const formats: ReadonlyMap<string, CodeSet> = new Map([
  [
    'http://hl7.org/fhir/ValueSet/jurisdiction',
    byFormat(
      ['urn:iso:std:iso:3166', 'urn:iso:std:iso:3166:-2', 'http://unstats.un.org/unsd/methods/m49/m49.htm'],
      isJurisdiction,
    ),
  ],
  ['http://hl7.org/fhir/ValueSet/mimetypes', byFormat(['urn:ietf:bcp:13'], (code) => mimeType.test(code))],
  ['http://hl7.org/fhir/ValueSet/currencies', byFormat(['urn:iso:std:iso:4217'], (code) => /^[A-Z]{3}$/.test(code))],
  [
    'http://hl7.org/fhir/ValueSet/ucum-units',
    byFormat(['http://unitsofmeasure.org'], (code) => parseUnit(code) !== undefined),
  ],
  ['http://hl7.org/fhir/ValueSet/languages', byFormat(['urn:ietf:bcp:47'], isLanguage)],
  ['http://hl7.org/fhir/ValueSet/all-languages', byFormat(['urn:ietf:bcp:47'], isLanguage)],
]);

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** A country, a subdivision of one, or a region of the United Nations by its number. */
function isJurisdiction(code: string): boolean {
  const [country = '', subdivision] = code.split('-');
  if (/^[A-Z]{3}$/.test(code)) return true;
  if (!/^(?:[A-Z]{2}|\d{3})$/.test(country) || regions.of(country) === undefined) return false;
  return subdivision === undefined || /^[A-Z0-9]{1,3}$/.test(subdivision);
}

function isLanguage(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(code).length === 1;
  } catch {
    return false;
  }
}
