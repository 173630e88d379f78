import { createHash } from 'node:crypto';
import type { Concept } from './concept.ts';
import { propertyTexts } from './concept.ts';
import type { ConceptQuery, Condition } from './condition.ts';
import { objectsAt, textAt } from './element.ts';
import { wordsOfConcept } from './memory-concepts.ts';

/**
 * Everything by which a concept of a table is found stands in one tsvector, whose lexemes begin with the number of the
 * concept set and a letter: w a word, p a property with its value, e a property that exists, c a parent, a an ancestor,
 * s the concept itself, n one that has children, i inactive, x abstract; the number alone stands for the set.
 */
const mostBytes = 1_000;
/** Concepts that a query names one by one. */
const mostNamed = 200;

const bounded = (text: string): string =>
  Buffer.byteLength(text) <= mostBytes ? text : createHash('sha256').update(text).digest('hex');

const propertyLexeme = (set: number, code: string, value: string): string => `${set}p${bounded(`${code}=${value}`)}`;

/** What is searched for in a concept, as lexemes that begin with its set: words, properties, parents, ancestors, itself. */
export function lexemesOf(set: number, concept: Concept): string[] {
  const { content, parents, ancestors } = concept;
  const lexemes = [...wordsOfConcept(concept)].map((word) => `${set}w${bounded(word)}`);
  for (const code of new Set(objectsAt(content, 'property').map((property) => textAt(property, 'code') ?? ''))) {
    lexemes.push(`${set}e${bounded(code)}`);
    for (const value of propertyTexts(content, code)) lexemes.push(propertyLexeme(set, code, value));
  }
  lexemes.push(...parents.map((number) => `${set}c${number}`), ...ancestors.map((number) => `${set}a${number}`));
  lexemes.push(`${set}`, `${set}s${concept.number}`);
  if (concept.hasChildren) lexemes.push(`${set}n`);
  if (concept.isInactive) lexemes.push(`${set}i`);
  if (concept.isAbstract) lexemes.push(`${set}x`);
  return lexemes.map((lexeme) => lexeme.replaceAll('\u0001', ' '));
}

const quote = (lexeme: string): string =>
  `'${lexeme.replaceAll('\u0001', ' ').replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The conditions of a query as a tsquery, and those that it cannot express. */
export interface LexemeQuery {
  readonly text: string;
  readonly rest: readonly Condition[];
  /** Few concepts can match: the children of one. */
  readonly isNarrow: boolean;
  /** The numbers to which all is confined. */
  readonly numbers: readonly number[] | undefined;
}

/** A query of lexemes, and the conditions that lexemes cannot express. */
export function lexemeQuery(set: number, { conditions, words }: ConceptQuery): LexemeQuery {
  const parts = words.map((word) => `${quote(`${set}w${bounded(word)}`)}:*`);
  const rest: Condition[] = [];
  let numbers: readonly number[] | undefined;
  for (const condition of conditions) {
    if (condition.kind === 'among' && numbers === undefined) {
      numbers = condition.numbers;
      continue;
    }
    if (isAlwaysMet(condition)) continue;
    const part = conditionQuery(set, condition);
    if (part === undefined) rest.push(condition);
    else parts.push(part);
  }
  // An index cannot begin with what a concept is not.
  if (parts.length > 0 && parts.every((part) => part.startsWith('!'))) parts.unshift(quote(`${set}`));
  const isNarrow = conditions.some(({ kind }) => kind === 'child');
  return { text: parts.join(' & '), rest, isNarrow, numbers };
}

const isAlwaysMet = (condition: Condition): boolean =>
  condition.kind === 'not' && condition.condition.kind === 'among' && condition.condition.numbers.length === 0;

function conditionQuery(set: number, condition: Condition): string | undefined {
  const anyOf = (lexemes: string[]) => (lexemes.length === 0 ? undefined : `(${lexemes.map(quote).join(' | ')})`);
  switch (condition.kind) {
    case 'below':
      return anyOf([`${set}a${condition.number}`, ...(condition.orSelf ? [`${set}s${condition.number}`] : [])]);
    case 'among':
      return condition.numbers.length <= mostNamed
        ? anyOf(condition.numbers.map((number) => `${set}s${number}`))
        : undefined;
    case 'child':
      return quote(`${set}c${condition.number}`);
    case 'leaf':
      return `!${quote(`${set}n`)}`;
    case 'property':
      return anyOf(condition.values.map((value) => propertyLexeme(set, condition.code, value)));
    case 'exists':
      return quote(`${set}e${bounded(condition.code)}`);
    case 'active':
      return `!${quote(`${set}i`)}`;
    case 'selectable':
      return `!${quote(`${set}x`)}`;
    case 'not': {
      const inner = conditionQuery(set, condition.condition);
      return inner === undefined ? undefined : `!${inner}`;
    }
    case 'all': {
      const inner = condition.conditions.map((one) => conditionQuery(set, one));
      return inner.every((one) => one !== undefined) ? `(${inner.join(' & ')})` : undefined;
    }
    default:
      return undefined;
  }
}
