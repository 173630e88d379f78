import { Failure } from '#lib/failure.ts';

/**
 * Regular expressions of value set filters, matched in time that grows with the text and never explodes: somebody else
 * wrote them. A subset of the usual syntax: alternatives, groups, classes, escapes \d \w \s and quantifiers; no look-around
 * and no back references.
 */
export interface Pattern {
  /** Whether the pattern matches the text from its beginning to its end. */
  matches(text: string): boolean;
}

type Test = (character: string) => boolean;
/** A state of the automaton: what it reads to go on, or where it goes without reading. */
interface State {
  test?: Test;
  next: State[];
}
type Node =
  | { kind: 'one'; test: Test }
  | { kind: 'all'; nodes: Node[] }
  | { kind: 'any'; nodes: Node[] }
  | { kind: 'repeat'; node: Node; least: number; most: number };

const mostStates = 5_000;

/** A regular expression of a filter, matched without going back in the text; one that takes too many states is refused. */
export function compilePattern(source: string): Pattern {
  const node = new Reader(source).read();
  const end: State = { next: [] };
  const budget = { states: 0 };
  const start = build(node, end, budget);
  return { matches: (text) => run(start, end, text) };
}

function build(node: Node, next: State, budget: { states: number }): State {
  if (++budget.states > mostStates) throw new Failure('too-costly', 'Simplify the regular expression of the filter.');
  if (node.kind === 'one') return { test: node.test, next: [next] };
  if (node.kind === 'all') return node.nodes.reduceRight((after, part) => build(part, after, budget), next);
  if (node.kind === 'any') return { next: node.nodes.map((part) => build(part, next, budget)) };
  let state = next;
  if (node.most === Number.POSITIVE_INFINITY) {
    const loop: State = { next: [next] };
    loop.next.push(build(node.node, loop, budget));
    state = loop;
  } else {
    for (let count = node.least; count < node.most; count++) state = { next: [build(node.node, state, budget), next] };
  }
  for (let count = 0; count < node.least; count++) state = build(node.node, state, budget);
  return state;
}

function run(start: State, end: State, text: string): boolean {
  let current = new Set<State>();
  enter(start, current);
  for (const character of text) {
    const following = new Set<State>();
    for (const state of current) {
      if (state.test?.(character)) for (const next of state.next) enter(next, following);
    }
    if (following.size === 0) return false;
    current = following;
  }
  return current.has(end);
}

function enter(state: State, into: Set<State>): void {
  const waiting = [state];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    if (into.has(at)) continue;
    into.add(at);
    if (!at.test) waiting.push(...at.next);
  }
}

const classes: Record<string, Test> = {
  d: (character) => /\d/.test(character),
  w: (character) => /\w/.test(character),
  s: (character) => /\s/.test(character),
  D: (character) => /\D/.test(character),
  W: (character) => /\W/.test(character),
  S: (character) => /\S/.test(character),
};
const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

class Reader {
  #characters: string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  read(): Node {
    const node = this.#alternatives();
    if (this.#at < this.#characters.length) this.#refuse();
    return node;
  }

  #refuse(): never {
    throw new Failure('not-supported', `The regular expression "${this.#characters.join('')}" is not understood.`);
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #alternatives(): Node {
    if (++this.#depth > 100) this.#refuse();
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    this.#depth--;
    return { kind: 'any', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    for (;;) {
      const next = this.#characters[this.#at];
      if (next === undefined || next === '|' || next === ')') return { kind: 'all', nodes };
      // The whole text is matched anyway.
      if ((next === '^' && this.#at === 0) || (next === '$' && this.#at === this.#characters.length - 1)) this.#at++;
      else nodes.push(this.#quantified(this.#atom()));
    }
  }

  #atom(): Node {
    const character = this.#characters[this.#at++] ?? this.#refuse();
    if (character === '(') return this.#group();
    if (character === '[') return { kind: 'one', test: this.#class() };
    if (character === '.') return { kind: 'one', test: (other) => other !== '\n' };
    if (character === '\\') return { kind: 'one', test: this.#escape() };
    if ('*+?{^$'.includes(character)) this.#refuse();
    return { kind: 'one', test: (other) => other === character };
  }

  #group(): Node {
    if (this.#take('?') && !this.#take(':')) this.#refuse();
    const node = this.#alternatives();
    if (!this.#take(')')) this.#refuse();
    return node;
  }

  #escape(): Test {
    const character = this.#characters[this.#at++] ?? this.#refuse();
    const named = classes[character];
    if (named) return named;
    if (/[1-9a-zA-Z]/.test(character) && controls[character] === undefined) this.#refuse();
    const literal = controls[character] ?? character;
    return (other) => other === literal;
  }

  #class(): Test {
    const isNegated = this.#take('^');
    const tests: Test[] = [];
    while (!this.#take(']')) tests.push(this.#classMember());
    return (character) => tests.some((test) => test(character)) !== isNegated;
  }

  #classMember(): Test {
    const first = this.#characters[this.#at++] ?? this.#refuse();
    if (first === '\\') return this.#escape();
    const last = this.#characters[this.#at + 1];
    if (this.#characters[this.#at] !== '-' || last === undefined || last === ']') return (other) => other === first;
    if (last === '\\' || last < first) this.#refuse();
    this.#at += 2;
    return (other) => other >= first && other <= last;
  }

  #quantified(node: Node): Node {
    const [least, most] = this.#quantifier();
    if (least === 1 && most === 1) return node;
    this.#take('?');
    return { kind: 'repeat', node, least, most };
  }

  #quantifier(): readonly [number, number] {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (!this.#take('{')) return [1, 1];
    const end = this.#characters.indexOf('}', this.#at);
    const match = /^(\d{1,3})(,(\d{0,3}))?$/.exec(this.#characters.slice(this.#at, end).join(''));
    if (end < 0 || !match) this.#refuse();
    this.#at = end + 1;
    const least = Number(match[1]);
    if (match[2] === undefined) return [least, least];
    return [least, match[3] ? Number(match[3]) : Number.POSITIVE_INFINITY];
  }
}
