import { Failure } from '../failure.ts';
import { place } from './place.ts';

/** What one pass over a JSON text finds before it is parsed. */
export interface JsonScan {
  /** How many names its objects have, repeated ones included. */
  names: number;
  /** Start and end, by turns, of each number whose digits a JavaScript number would lose. */
  numbers: number[];
}

const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Counts and checks what JSON.parse lets pass. Anything that is no JSON is left to JSON.parse, which says so best.
 * Fails on nesting deeper than `maxDepth`, and on strings that PostgreSQL or UTF-8 cannot hold.
 */
export function scanJson(text: string, maxDepth: number): JsonScan {
  const scan: JsonScan = { names: 0, numbers: [] };
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) at = scanString(text, at);
    else if (unit === openBrace || unit === openBracket) {
      if (++depth > maxDepth) throw new Failure('too-costly', tooDeep(text, at, maxDepth));
    } else if (unit === closeBrace || unit === closeBracket) depth--;
    else if (unit === colon) scan.names++;
    else if ((unit >= zero && unit <= nine) || unit === minus) at = scanNumber(text, at, scan) - 1;
  }
  return scan;
}

const tooDeep = (text: string, at: number, maxDepth: number): string =>
  `The JSON is nested deeper than ${maxDepth} levels at ${place(text, at)}: flatten it.`;

/** Where the closing quote of the string that starts here stands; the text's length when it is missing. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) at++;
  }
  return text.length;
}

function scanString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) {
      const end = endOfString(text, at - 1);
      checkEscapes(text, start, end + 1);
      return end;
    }
  }
  return text.length;
}

const doubtfulEscape = /\\u(?:0000|[dD][89a-fA-F])/;

function checkEscapes(text: string, start: number, end: number): void {
  const literal = text.slice(start, end);
  if (!doubtfulEscape.test(literal)) return;
  const value = valueOfLiteral(literal);
  if (value?.includes('\u0000')) {
    throw new Failure(
      'invalid',
      `The string at ${place(text, start)} contains the character NUL (\\u0000): remove it.`,
    );
  }
  if (value?.isWellFormed() === false) throw new Failure('invalid', halfPair(text, start));
}

export const halfPair = (text: string, at: number): string =>
  `The text at ${place(text, at)} contains half of a surrogate pair, which is no character: send the whole pair.`;

function valueOfLiteral(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

const isNumberUnit = (unit: number): boolean =>
  (unit >= zero && unit <= nine) || unit === 0x2e || unit === 0x65 || unit === 0x45 || unit === 0x2b || unit === minus;

const numberLiteral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function scanNumber(text: string, start: number, scan: JsonScan): number {
  let end = start + 1;
  while (end < text.length && isNumberUnit(text.charCodeAt(end))) end++;
  if (end - start === 1) return end;
  const literal = text.slice(start, end);
  if (String(Number(literal)) !== literal && numberLiteral.test(literal)) scan.numbers.push(start, end);
  return end;
}
