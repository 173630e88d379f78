import { ridRange } from '../store/rid.ts';
import { type PlanLimits, planLimits } from './plan.ts';

/** Gathers the bound values and the common table expressions of one statement. Nothing that a caller sent enters the text. */
export class SqlBuilder {
  readonly values: unknown[] = [];
  /**
   * Ends a subquery that is a lookup: `offset 0` keeps the planner from turning it into a join over a whole index. Where
   * all rows are counted, the planner is free to.
   */
  readonly barrier: string;
  readonly limits: PlanLimits;
  /** Up to so many keys are looked up for a row that is probed: more where a set of all their rids would be large. */
  mostKeys: number;
  readonly #tables: string[] = [];
  #aliases = 0;

  constructor(options: { countsAll?: boolean; limits?: PlanLimits } = {}) {
    this.barrier = options.countsAll ? '' : ' offset 0';
    this.limits = options.limits ?? planLimits;
    this.mostKeys = this.limits.mostKeys;
  }

  /** The placeholder of a value, with its type. */
  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** ` limit n`, one more than the number that is wanted, to see whether there are more; nothing when all are wanted. */
  cut(limit: number | undefined): string {
    return limit === undefined ? '' : ` limit ${this.bind(limit + 1, 'int8')}`;
  }

  /** A name that no other part of the statement uses. */
  alias(letter: string): string {
    this.#aliases++;
    return `${letter}${this.#aliases}`;
  }

  /** Puts a query before the statement, computed at most once; returns its name. */
  table(letter: string, query: string): string {
    const name = this.alias(letter);
    this.#tables.push(`${name} as materialized (\n  ${query})`);
    return name;
  }

  /** The whole statement, its common tables first. */
  statement(query: string): string {
    return this.#tables.length === 0 ? query : `with ${this.#tables.join(',\n')}\n${query}`;
  }
}

const ridsPerPath = 2n ** 44n;

/** The reference key of rid 0 on a path. */
export const pathBase = (path: number): bigint => BigInt(path) * ridsPerPath;

export const ridMask = ridsPerPath - 1n;

/** First and last reference key of a path, of one target type or of all. */
export function keyRange(path: number, type?: string): { first: bigint; last: bigint } {
  const base = pathBase(path);
  if (type === undefined) return { first: base, last: base + ridMask };
  const { first, last } = ridRange(type);
  return { first: base + BigInt(first), last: base + BigInt(last) };
}

/** A few large resources must not fill the memory, or make a text that is longer than a text can be. */
export const mostBytes = 32 * 1024 * 1024;

/** The content of resource `r`, unless those before it have more bytes than allowed. PostgreSQL knows lengths unread. */
export const contentWithin = (order: string, bytes: string): string =>
  `case when sum(octet_length(r.content)) over (${order} rows unbounded preceding) - octet_length(r.content) < ${bytes} then r.content end`;
