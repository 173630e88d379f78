import { misunderstood, type Token, tokenise } from './tokens.ts';

/** A FHIRPath expression as a tree. http://hl7.org/fhirpath/N1/#expressions */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'empty' }
  | { readonly kind: 'this' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly target: Expression | undefined; readonly name: string }
  | {
      readonly kind: 'call';
      readonly target: Expression | undefined;
      readonly name: string;
      readonly args: Expression[];
    }
  | { readonly kind: 'item'; readonly target: Expression; readonly index: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** How strongly operators bind, from the weakest. */
const strength: Readonly<Record<string, number>> = {
  implies: 1,
  or: 2,
  xor: 2,
  and: 3,
  in: 4,
  contains: 4,
  '=': 5,
  '~': 5,
  '!=': 5,
  '!~': 5,
  '<': 6,
  '>': 6,
  '<=': 6,
  '>=': 6,
  '|': 7,
  is: 8,
  as: 8,
  '+': 9,
  '-': 9,
  '&': 9,
  '*': 10,
  '/': 10,
  div: 10,
  mod: 10,
};

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokenise(expression);
  }

  parse(): Expression {
    const tree = this.#binary(0);
    if (this.#peek().kind !== 'end') throw this.#misunderstood();
    return tree;
  }

  #binary(weakest: number): Expression {
    let left = this.#invocation();
    while (true) {
      const { kind, text } = this.#peek();
      const power = kind === 'name' || kind === 'symbol' ? strength[text] : undefined;
      if (power === undefined || power <= weakest) return left;
      this.#next += 1;
      if (text === 'is' || text === 'as') {
        left = { kind: 'call', target: left, name: text, args: [this.#typeName()] };
      } else left = { kind: 'binary', operator: text, left, right: this.#binary(power) };
    }
  }

  #typeName(): Expression {
    let type: Expression = { kind: 'member', target: undefined, name: this.#name() };
    while (this.#takes('.')) type = { kind: 'member', target: type, name: this.#name() };
    return type;
  }

  #invocation(): Expression {
    let target = this.#term();
    while (true) {
      if (this.#takes('.')) target = this.#memberOrCall(target);
      else if (this.#takes('[')) {
        target = { kind: 'item', target, index: this.#binary(0) };
        this.#expect(']');
      } else return target;
    }
  }

  #memberOrCall(target: Expression | undefined): Expression {
    const name = this.#name();
    if (!this.#takes('(')) return { kind: 'member', target, name };
    const args: Expression[] = [];
    while (!this.#takes(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    return { kind: 'call', target, name, args };
  }

  #term(): Expression {
    const { kind, text } = this.#peek();
    if (kind === 'text') return this.#literal(text);
    if (kind === 'number') return this.#literal(Number(text));
    if (kind === 'name') return this.#named(text);
    if (this.#takes('(')) {
      const inside = this.#binary(0);
      this.#expect(')');
      return inside;
    }
    if (this.#takes('{')) {
      this.#expect('}');
      return { kind: 'empty' };
    }
    if (this.#takes('-') && this.#peek().kind === 'number') return this.#literal(-Number(this.#peek().text));
    throw this.#misunderstood();
  }

  #named(text: string): Expression {
    if (text === 'true' || text === 'false') return this.#literal(text === 'true');
    if (text === '$this') {
      this.#next += 1;
      return { kind: 'this' };
    }
    if (text.startsWith('$')) throw this.#misunderstood();
    if (text.startsWith('%')) {
      this.#next += 1;
      return { kind: 'variable', name: text.slice(1) };
    }
    return this.#memberOrCall(undefined);
  }

  #literal(value: string | number | boolean): Expression {
    this.#next += 1;
    return { kind: 'literal', value };
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #takes(symbol: string): boolean {
    const { kind, text } = this.#peek();
    if (kind !== 'symbol' || text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#takes(symbol)) throw this.#misunderstood();
  }

  #name(): string {
    const { kind, text } = this.#peek();
    if (kind !== 'name') throw this.#misunderstood();
    this.#next += 1;
    return text;
  }

  #misunderstood() {
    return misunderstood(this.#expression, this.#peek().at);
  }
}

/** Fails with `not-supported` where the expression is outside of what checking understands. */
export const parseExpression = (expression: string): Expression => new Parser(expression).parse();
