import { Failure } from '#lib/failure.ts';

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'date' | 'symbol' | 'end';
  readonly text: string;
  /** Where it starts in the expression. */
  readonly at: number;
}

const pattern =
  /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:([%$]?[A-Za-z_]\w*)|%?`((?:[^`\\]|\\.)*)`|'((?:[^'\\]|\\.)*)'|(@[-\dT:.Z+]+)|(\d+(?:\.\d+)?)|(<=|>=|!=|!~|[-+*/&|=~<>().,[\]{}]))/y;

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f' };

const withoutEscapes = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/g, (_, unit: string | undefined, letter: string) =>
    unit === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(unit, 16)),
  );

/** The tokens of a FHIRPath expression, the last of the kind `end`. http://hl7.org/fhirpath/N1/#lexical-elements */
export function tokenise(expression: string): Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(expression);
    if (match === null) throw misunderstood(expression, at);
    const [, name, quotedName, text, date, number, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (quotedName !== undefined) tokens.push({ kind: 'name', text: withoutEscapes(quotedName), at });
    else if (text !== undefined) tokens.push({ kind: 'text', text: withoutEscapes(text), at });
    else if (date !== undefined) tokens.push({ kind: 'date', text: date.slice(1), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

export const misunderstood = (expression: string, at: number): Failure =>
  new Failure(
    'not-supported',
    `The FHIRPath expression "${expression}" is not understood from character ${at + 1} on.`,
  );
