/**
 * The part of FHIRPath in which search parameters are written: paths, unions, `as`, `.as()`, `.ofType()`,
 * `.where(element = 'literal')`, `.extension('url')`, `.where(resolve() is Type)`, an index, and `X.exists() and X != false`.
 * https://hl7.org/fhir/R4/searchparameter.html
 */
import { Failure } from '#lib/failure.ts';

export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'as'; readonly types: readonly string[] }
  | { readonly kind: 'where'; readonly member: string; readonly equals: string }
  | { readonly kind: 'resolves-to'; readonly types: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'true-or-present' };

/** The steps of one branch; the first is usually the name of a resource type, or `%resource`. */
export type Path = readonly PathStep[];

const tokenPattern = /\s*(?:(%?[A-Za-z_]\w*)|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|[|().[\]=]))/y;

interface Token {
  readonly kind: 'name' | 'literal' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw unsupported(text, at);
    const [, name, literal, number, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (literal !== undefined) tokens.push({ kind: 'literal', text: literal.replace(/\\(.)/g, '$1'), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

function unsupported(text: string, at: number): Failure {
  return new Failure(
    'not-supported',
    `Search cannot index the expression "${text}": it is not understood from character ${at + 1} ("${text.slice(at).trim().slice(0, 30)}"). ` +
      "Write paths, unions, as, ofType(), where(element = 'value'), extension('url'), where(resolve() is Type) and indexes.",
  );
}

class PathParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenise(text);
  }

  parse(): Path[] {
    const paths = this.#union();
    if (this.#peek().kind !== 'end') throw this.#unsupported();
    return paths;
  }

  #union(): Path[] {
    const paths = this.#typed();
    while (this.#takeSymbol('|')) paths.push(...this.#typed());
    return paths;
  }

  /** An operand with `as Type`, or with `and X != false` behind `X.exists()`. */
  #typed(): Path[] {
    const paths = this.#operand();
    if (this.#takeName('as')) return this.#extend(paths, { kind: 'as', types: [this.#typeName()] });
    if (!this.#takeName('and')) return paths;
    const compared = this.#operand();
    this.#expectSymbol('!=');
    this.#expectName('false');
    const [path, other] = [paths[0] ?? [], compared[0] ?? []];
    const isSame = path.at(-1)?.kind === 'true-or-present' && printPath(path.slice(0, -1)) === printPath(other);
    if (paths.length !== 1 || !isSame) throw this.#unsupported();
    return paths;
  }

  #operand(): Path[] {
    let paths: Path[];
    if (this.#takeSymbol('(')) {
      paths = this.#union();
      this.#expectSymbol(')');
    } else {
      paths = [[{ kind: 'member', name: this.#name() }]];
    }
    while (true) {
      if (this.#takeSymbol('[')) {
        paths = this.#extend(paths, { kind: 'index', index: this.#number() });
        this.#expectSymbol(']');
      } else if (this.#takeSymbol('.')) {
        paths = this.#extend(paths, ...this.#step());
      } else {
        return paths;
      }
    }
  }

  #step(): PathStep[] {
    const name = this.#name();
    if (!this.#takeSymbol('(')) return [{ kind: 'member', name }];
    const steps: PathStep[] = name === 'extension' ? this.#extension() : [this.#call(name)];
    this.#expectSymbol(')');
    return steps;
  }

  /** `extension('url')` is short for `extension.where(url = 'url')`. */
  #extension(): PathStep[] {
    return [
      { kind: 'member', name: 'extension' },
      { kind: 'where', member: 'url', equals: this.#literal() },
    ];
  }

  #call(name: string): PathStep {
    if (name === 'as' || name === 'ofType') return { kind: 'as', types: [this.#typeName()] };
    if (name === 'exists') return { kind: 'true-or-present' };
    if (name !== 'where') throw this.#unsupported(-2);
    const member = this.#name();
    if (member === 'resolve' && this.#takeSymbol('(')) {
      this.#expectSymbol(')');
      this.#expectName('is');
      return { kind: 'resolves-to', types: [this.#typeName()] };
    }
    this.#expectSymbol('=');
    return { kind: 'where', member, equals: this.#literal() };
  }

  /** R4 has one expression that writes `DateTime` for the primitive. */
  #typeName(): string {
    const name = this.#name();
    return name === 'DateTime' ? 'dateTime' : name;
  }

  #extend(paths: Path[], ...steps: PathStep[]): Path[] {
    return paths.map((path) => [...path, ...steps]);
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #takeSymbol(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  #takeName(name: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'name' || token.text !== name) return false;
    this.#next += 1;
    return true;
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw this.#unsupported();
  }

  #expectName(name: string): void {
    if (!this.#takeName(name)) throw this.#unsupported();
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== 'name') throw this.#unsupported();
    this.#next += 1;
    return token.text;
  }

  #literal(): string {
    const token = this.#peek();
    if (token.kind !== 'literal') throw this.#unsupported();
    this.#next += 1;
    return token.text;
  }

  #number(): number {
    const token = this.#peek();
    if (token.kind !== 'number') throw this.#unsupported();
    this.#next += 1;
    return Number(token.text);
  }

  #unsupported(offset = 0): Failure {
    return unsupported(this.#text, (this.#tokens[this.#next + offset] as Token).at);
  }
}

/** The branches of an expression; throws a Failure `not-supported` that names the place. */
export const parsePaths = (expression: string): Path[] => new PathParser(expression).parse();

function printStep(step: PathStep, printed: string): string {
  switch (step.kind) {
    case 'member':
      return printed === '' ? step.name : `${printed}.${step.name}`;
    case 'as':
      return step.types.map((type) => `${printed}.as(${type})`).join(' | ');
    case 'where':
      return `${printed}.where(${step.member}='${step.equals}')`;
    case 'resolves-to':
      return step.types.map((type) => `${printed}.where(resolve() is ${type})`).join(' | ');
    case 'index':
      return `${printed}[${step.index}]`;
    case 'true-or-present':
      return `${printed}.exists() and ${printed} != false`;
  }
}

/** The one way in which Meridian writes a path; equal paths have equal text. */
export const printPath = (path: Path): string =>
  path.reduce((printed: string, step: PathStep) => printStep(step, printed), '');
