import { Failure } from '#lib/failure.ts';
import { NotSupported } from './scope.ts';

/** The operators of https://hl7.org/fhir/R4/search_filter.html#ops */
export const filterOperators = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

export interface FilterTest {
  readonly is: 'test';
  /** `name`, or a chain such as `subject.name`. */
  readonly path: string;
  readonly operator: FilterOperator;
  readonly value: string;
}

export type FilterExpression =
  | FilterTest
  | { readonly is: 'and' | 'or'; readonly parts: readonly FilterExpression[] }
  | { readonly is: 'not'; readonly part: FilterExpression };

const longest = 10_000;
const mostTests = 100;
const deepest = 20;

type Token = { readonly kind: 'word' | 'string' | 'sign'; readonly text: string; readonly at: number };

const tokenPattern = /\s+|([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+)/gy;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (!match) throw refuse('a quotation mark that is never closed', at);
    const [, sign, quoted, word] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
    else if (quoted !== undefined) tokens.push({ kind: 'string', text: unquote(quoted, at), at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
  }
  return tokens;
}

/** A string is written as in JSON. */
function unquote(text: string, at: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw refuse(`${text}, which is no JSON string`, at);
  }
}

const refuse = (what: string, at: number): Failure =>
  new Failure(
    'value',
    `_filter has ${what}, at character ${at + 1}. Write it as: name eq "value" and (other ge 2020 or not (third pr true)).`,
  );

/** Reads the tokens from left to right; `and` and `or` have no precedence, as the specification says. */
class FilterReader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #index = 0;
  #tests = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
    this.#end = text.length;
  }

  readAll(): FilterExpression {
    const expression = this.#readExpression(1);
    const rest = this.#peek();
    if (rest) throw refuse(`"${rest.text}" where it should end`, rest.at);
    return expression;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#index];
  }

  #isNext(kind: Token['kind'], text: string): boolean {
    const next = this.#peek();
    return next?.kind === kind && next.text === text;
  }

  #take(wanted: string): Token {
    const token = this.#peek();
    if (!token) throw refuse(`its end where ${wanted} should stand`, this.#end);
    this.#index++;
    return token;
  }

  #readExpression(depth: number): FilterExpression {
    if (depth > deepest) throw new Failure('too-costly', `_filter may have ${deepest} parentheses in each other.`);
    let expression = this.#readTerm(depth);
    while (this.#isNext('word', 'and') || this.#isNext('word', 'or')) {
      const is = this.#take('and').text === 'and' ? 'and' : 'or';
      const right = this.#readTerm(depth);
      const left = expression.is === is ? expression.parts : [expression];
      expression = { is, parts: [...left, right] };
    }
    return expression;
  }

  #readTerm(depth: number): FilterExpression {
    if (this.#isNext('word', 'not')) {
      this.#index++;
      return { is: 'not', part: this.#readGroup(depth) };
    }
    return this.#isNext('sign', '(') ? this.#readGroup(depth) : this.#readTest();
  }

  #readGroup(depth: number): FilterExpression {
    const open = this.#take('(');
    if (open.text !== '(' || open.kind !== 'sign') throw refuse(`"${open.text}" where "(" should stand`, open.at);
    const expression = this.#readExpression(depth + 1);
    const close = this.#take(')');
    if (close.text !== ')' || close.kind !== 'sign') throw refuse(`"${close.text}" where ")" should stand`, close.at);
    return expression;
  }

  #readTest(): FilterTest {
    if (++this.#tests > mostTests) throw new Failure('too-costly', `_filter may have ${mostTests} tests, not more.`);
    const path = this.#take('a parameter');
    if (path.text.includes('[')) {
      throw new NotSupported(`_filter: conditions inside of an element, as in "${path.text}", are not supported.`);
    }
    if (path.kind !== 'word') throw refuse(`"${path.text}" where a parameter should stand`, path.at);
    const operator = this.#take('an operator');
    const known = filterOperators.find((name) => name === operator.text);
    if (!known || operator.kind !== 'word') {
      throw refuse(`"${operator.text}", which is none of the operators ${filterOperators.join(', ')}`, operator.at);
    }
    const value = this.#take('a value');
    if (value.kind === 'sign') throw refuse(`"${value.text}" where a value should stand`, value.at);
    return { is: 'test', path: path.text, operator: known, value: value.text };
  }
}

/** Reads `given eq "peter" and birthdate ge 2014-10-10`. */
export function parseFilterExpression(text: string): FilterExpression {
  if (text.length > longest) throw new Failure('too-costly', `_filter may have ${longest} characters, not more.`);
  return new FilterReader(text).readAll();
}
