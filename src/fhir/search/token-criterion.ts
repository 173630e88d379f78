import { Failure } from '#lib/failure.ts';
import { anySystem, anyValue, normaliseString, type SearchBranch, tokenKey } from '../indexing/index.ts';
import { any, type Condition, type TokenCondition } from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';
import { NotSupported } from './scope.ts';

/** Types whose system is implied and not indexed. */
const systemless = new Set(['code', 'boolean']);
/** Types that are indexed by the dictionary of codes. */
export const coded = new Set(['Coding', 'CodeableConcept', 'code', 'boolean']);

export const hasCodeSystem = (valueTypes: readonly string[]): boolean =>
  valueTypes.some((type) => coded.has(type) && !systemless.has(type));

/** `code`, `system|code`, `|code` (without system), `system|`. https://hl7.org/fhir/R4/search.html#token */
interface TokenValue {
  readonly system?: string;
  readonly code?: string;
}

function parseToken(text: string): TokenValue {
  const [first = '', second, ...others] = splitEscaped(text, '|').map(unescapeValue);
  if (second === undefined) return { code: first };
  if (others.length > 0) {
    throw new Failure('value', `"${text}" is no token: write [code], [system]|[code], |[code] or [system]|.`);
  }
  return second === '' ? { system: first } : { system: first, code: second };
}

/** The keys that a value has on one branch, and what the dictionary must be asked for. */
class TokenKeys {
  readonly keys: bigint[] = [];
  readonly paths = new Set<number>();
  readonly codes = new Set<string>();
  readonly systems = new Set<string>();
  isRare = true;

  add({ path, valueTypes }: SearchBranch, value: TokenValue): void {
    if (valueTypes.some((type) => coded.has(type))) this.#addCoded(path, valueTypes, value);
    if (valueTypes.some((type) => !coded.has(type))) this.#addIdentifier(path, value);
  }

  #addCoded(path: number, valueTypes: readonly string[], { system, code }: TokenValue): void {
    this.isRare = false;
    if (!hasCodeSystem(valueTypes)) {
      if (code !== undefined) this.keys.push(tokenKey(path, '', code));
    } else if (system === undefined) {
      this.paths.add(path);
      this.codes.add(code ?? '');
    } else if (code === undefined) {
      this.paths.add(path);
      this.systems.add(system);
    } else {
      this.keys.push(tokenKey(path, system, code));
    }
  }

  #addIdentifier(path: number, { system, code }: TokenValue): void {
    if (code === undefined) this.isRare = false;
    this.keys.push(tokenKey(path, system ?? anySystem, code ?? anyValue));
  }

  get condition(): TokenCondition {
    return {
      is: 'token',
      ...(this.isRare && { rare: true }),
      keys: [...new Set(this.keys)],
      paths: [...this.paths],
      codes: [...this.codes],
      systems: [...this.systems],
    };
  }
}

/** One of these values, on one of these branches. */
export function tokenCondition(branches: readonly SearchBranch[], values: readonly string[]): Condition {
  const tokens = new TokenKeys();
  for (const value of values.map(parseToken)) {
    for (const branch of branches) tokens.add(branch, value);
  }
  return tokens.condition;
}

/** `:text`: the displays and texts beside a code contain this. */
export function tokenTextCondition(branches: readonly SearchBranch[], values: readonly string[]): Condition {
  const paths = branches.map(({ path }) => path);
  const places = branches.map((branch) => branch.places ?? []);
  return any(values.map((value) => ({ is: 'text', paths, places, text: normaliseString(unescapeValue(value)) })));
}

/** `identifier:of-type=system|code|value`: the type of the identifier, and its value. */
export function ofTypeCondition(branches: readonly SearchBranch[], values: readonly string[]): Condition {
  const paths = branches.flatMap(({ ofTypePath }) => ofTypePath ?? []);
  if (paths.length === 0) throw new NotSupported('Modifier :of-type is for parameters on identifiers.');
  const keys = values.flatMap((text) => {
    const [system, code, value, ...others] = splitEscaped(text, '|').map(unescapeValue);
    if (!code || !value || others.length > 0) {
      throw new Failure('value', `"${text}" cannot be used with :of-type: write [type system]|[type code]|[value].`);
    }
    return paths.map((path) => tokenKey(path, `${system}|${code}`, value));
  });
  return { is: 'token', rare: true, keys, paths: [], codes: [], systems: [] };
}

/** `subject:identifier=system|value`: the logical identifier that stands in a reference. */
export function referenceIdentifierCondition(branches: readonly SearchBranch[], values: readonly string[]): Condition {
  const identifiers = branches.flatMap(({ identifierPath, expression }) =>
    identifierPath === undefined ? [] : [{ path: identifierPath, expression, valueTypes: ['Identifier'] }],
  );
  if (identifiers.length === 0) {
    throw new NotSupported('Modifier :identifier is for references that may carry an identifier.');
  }
  return tokenCondition(identifiers, values);
}
