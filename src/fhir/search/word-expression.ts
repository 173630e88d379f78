import { Failure } from '#lib/failure.ts';
import { wordsOf } from '../indexing/index.ts';

/** What a text must hold: words at a distance from each other, and how such demands are joined. */
export type WordExpression =
  | { readonly is: 'words'; readonly words: readonly SearchedWord[] }
  | { readonly is: 'and' | 'or'; readonly parts: readonly WordExpression[] }
  | { readonly is: 'not'; readonly part: WordExpression };

export interface SearchedWord {
  readonly word: string;
  /** Any word that begins with it. */
  readonly isPrefix: boolean;
  /** How many places after the word before it. */
  readonly distance: number;
}

const longest = 2000;
const deepest = 20;

const tokenPattern = /\s+|([()])|(-?)"([^"]*)"?|(-?)([^\s()"]+)/gy;

interface Token {
  readonly is: 'open' | 'close' | 'and' | 'or' | 'not' | 'text';
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [, sign, minusPhrase, phrase, minus, word] of text.matchAll(tokenPattern)) {
    if (sign !== undefined) tokens.push({ is: sign === '(' ? 'open' : 'close', text: sign });
    else if (phrase !== undefined) tokens.push(...negated(minusPhrase), { is: 'text', text: phrase });
    else if (word !== undefined) {
      const operator = minus === '' ? operators.get(word.toLowerCase()) : undefined;
      tokens.push(...negated(minus), { is: operator ?? 'text', text: word });
    }
  }
  return tokens;
}

const negated = (minus: string | undefined): Token[] => (minus ? [{ is: 'not', text: '-' }] : []);
const operators = new Map<string, Token['is']>([
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
]);

const refuse = (what: string): Failure =>
  new Failure('value', `The text search ${what}. Write it as: bone and (liver or "new finding") -metasta*.`);

class WordReader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  readAll(): WordExpression {
    const expression = this.#readAny(1);
    if (this.#next) throw refuse(`has a "${this.#next.text}" too many`);
    return expression;
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#index];
  }

  #readAny(depth: number): WordExpression {
    if (depth > deepest)
      throw new Failure('too-costly', `A text search may have ${deepest} parentheses in each other.`);
    const parts = [this.#readAll(depth)];
    while (this.#next?.is === 'or') {
      this.#index++;
      parts.push(this.#readAll(depth));
    }
    return join('or', parts);
  }

  #readAll(depth: number): WordExpression {
    const parts = [this.#readOne(depth)];
    while (this.#next && this.#next.is !== 'or' && this.#next.is !== 'close') {
      if (this.#next.is === 'and') this.#index++;
      parts.push(this.#readOne(depth));
    }
    return join('and', parts);
  }

  #readOne(depth: number): WordExpression {
    const token = this.#next;
    this.#index++;
    switch (token?.is) {
      case 'not':
        return { is: 'not', part: this.#readOne(depth) };
      case 'open': {
        const inner = this.#readAny(depth + 1);
        if (this.#next?.is !== 'close') throw refuse('has a "(" that is never closed');
        this.#index++;
        return inner;
      }
      case 'text':
        return wordsIn(token.text);
      default:
        throw refuse(token ? `has a "${token.text}" where a word should stand` : 'ends where a word should stand');
    }
  }
}

const join = (is: 'and' | 'or', parts: readonly WordExpression[]): WordExpression =>
  parts.length === 1 && parts[0] ? parts[0] : { is, parts };

/** The words of one token or phrase follow each other; the last one may be the beginning of a word. */
function wordsIn(text: string): WordExpression {
  const all = wordsOf(text);
  const wanted = all.filter(({ character }) => character !== 'last');
  if (wanted.length === 0) throw refuse(`has no word in "${text}"`);
  const words = wanted.map(({ word, position, character }, index) => ({
    word,
    isPrefix: character !== undefined || (text.endsWith('*') && index === wanted.length - 1),
    distance: index === 0 ? 0 : position - (wanted[index - 1]?.position ?? 0),
  }));
  return { is: 'words', words };
}

/** Reads `bone and (liver or "new finding") -metasta*`. Words side by side must all be there. */
export function parseWordExpression(text: string): WordExpression {
  if (text.length > longest) throw new Failure('too-costly', `A text search may have ${longest} characters, not more.`);
  return new WordReader(tokensOf(text)).readAll();
}

/** As PostgreSQL's tsquery. Words hold letters and digits only. */
export function printTsquery(expression: WordExpression): string {
  switch (expression.is) {
    case 'words':
      return `(${expression.words.map(printWord).join(' ')})`;
    case 'not':
      return `!${printTsquery(expression.part)}`;
    default:
      return `(${expression.parts.map(printTsquery).join(expression.is === 'and' ? ' & ' : ' | ')})`;
  }
}

function printWord({ word, isPrefix, distance }: SearchedWord, index: number): string {
  const follows = index === 0 ? '' : distance === 1 ? '<-> ' : `<${distance}> `;
  return `${follows}'${word}'${isPrefix ? ':*' : ''}`;
}
