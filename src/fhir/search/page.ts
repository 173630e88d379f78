import { compileCondition } from './compile.ts';
import { type Compiled, conjunction } from './compiled.ts';
import type { Condition } from './condition.ts';
import { estimateResources, estimateRows, isGuess, probeCost, rowsRead } from './estimate.ts';
import { afterCursor, fromCursor, isRidDescending, pageOrder } from './keyset.ts';
import { limitedTable } from './link-sql.ts';
import { type Attempt, leastOffer, type Offer, type Plan, type PlanLimits, planLimits, planPage } from './plan.ts';
import type { SearchRequest } from './request.ts';
import { typeWalk } from './resource-sql.ts';
import { type CompiledSort, compileSort } from './sort-sql.ts';
import { contentWithin, mostBytes, SqlBuilder } from './sql-builder.ts';
import type { Statistics } from './statistics.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export const criteriaOf = (condition: Condition): readonly Condition[] =>
  condition.is === 'all' ? condition.conditions.flatMap(criteriaOf) : [condition];

export function offersOf(
  criteria: readonly Condition[],
  compiled: readonly Compiled[],
  statistics: Statistics,
  types: readonly string[],
): Offer[] {
  return criteria.map((condition, index) => ({
    estimate: estimateRows(condition, statistics, types),
    rowsRead: rowsRead(condition, statistics),
    isGuess: isGuess(condition),
    probeCost: probeCost(condition),
    canWalk: compiled[index]?.walk !== undefined,
    canRead: compiled[index]?.rows !== undefined,
    canKey: compiled[index]?.keyedWalk !== undefined,
    canExclude: compiled[index]?.exclusion !== undefined,
  }));
}

/**
 * The one statement of a page of matches. Its rows are: rid, type, id, version, updated, content, the total where it is known,
 * and the sort values. There is one row more than the page holds when there is a next page. Once the contents fill a page by
 * their bytes, the rows that follow come without.
 */
export function pageStatement(
  request: SearchRequest,
  statistics: Statistics,
  limits: PlanLimits = planLimits,
): Statement {
  return new PageCompiler(request, statistics, limits).compile();
}

/** Reading every row of a large set takes as long as looking a third as many keys up. */
const mostKeysFor = (everyone: number, probed: number, { mostKeys }: PlanLimits): number =>
  mostKeys === 0 ? 0 : Math.round(Math.min(5000, Math.max(mostKeys, everyone / (3 * Math.max(probed, 1)))));

/** By the code that a resource has, all codes of the path are tried: so many, perhaps. */
const codesOfPath = 30;

/** A query for the page, and the SQL conditions under which it is right. */
interface Tried {
  readonly query: string;
  readonly complete: readonly string[];
  /** The number of all matches, if the query is right. */
  readonly total?: string;
}

class PageCompiler {
  readonly #sql: SqlBuilder;
  readonly #request: SearchRequest;
  readonly #criteria: readonly Compiled[];
  readonly #sorts: readonly CompiledSort[];
  readonly #offers: readonly Offer[];
  readonly #plan: Plan;
  readonly #limit: string;

  constructor(request: SearchRequest, statistics: Statistics, limits: PlanLimits) {
    this.#sql = new SqlBuilder({ limits });
    this.#request = request;
    const { types, sort, count } = request;
    const criteria = criteriaOf(request.condition);
    this.#criteria = criteria.map((condition) => compileCondition(this.#sql, condition, types));
    this.#sorts = sort.map((key) => compileSort(this.#sql, key, types));
    this.#limit = this.#sql.bind(count + 1, 'int8');
    const everyone = estimateResources(statistics, types);
    this.#offers = offersOf(criteria, this.#criteria, statistics, types);
    this.#plan = planPage({
      offers: this.#offers,
      everyone,
      count: count + 1,
      isSorted: sort.length > 0,
      sortCost: sort.reduce((sum, { source }) => sum + (source === 'token' ? codesOfPath : 1), 0),
      canHead: sort.length < 2,
      limits,
    });
    this.#sql.mostKeys = mostKeysFor(everyone, this.#plan.probed, limits);
  }

  compile(): Statement {
    const sortColumns = this.#sorts.map((_, index) => `, page.s${index + 1}`).join('');
    const { rows, total } = this.#attempts();
    const order = pageOrder(this.#sorts, 'page');
    const content = contentWithin(`order by ${order}`, String(mostBytes));
    const text = this.#sql.statement(
      `select r.rid, r.type, r.id, r.version, r.updated, ${content}, ${total} as total${sortColumns}
from (${rows}) page
cross join lateral (select * from fhir.resource where rid = page.rid offset 0) r
order by ${order}`,
    );
    return { text, values: this.#sql.values };
  }

  /** The first attempt that is right, or else the walk to the end: only one of them is carried out in full. */
  #attempts(): { rows: string; total: string } {
    const hasIndexes = this.#request.sort.every(({ source }) => source !== 'content');
    if (!hasIndexes) return { rows: this.#sortedPage(this.#everyMatch(), this.#sorts), total: 'null' };
    const walk = this.#wayToTheEnd();
    const attempts = this.#plan.attempts.map((attempt) => this.#attempt(attempt));
    if (attempts.length === 0) return { rows: walk, total: 'null' };
    const failed: string[] = [];
    const arms: string[] = [];
    const totals: string[] = [];
    for (const { query, complete, total } of attempts) {
      const when = [...failed, ...complete];
      arms.push(`(select t.* from (${query}) t where ${conjunction(when)})`);
      if (total) totals.push(`case when ${conjunction(when)} then ${total} end`);
      failed.push(`not (${conjunction(complete)})`);
    }
    arms.push(`(select w.* from (${walk}) w where ${conjunction(failed)})`);
    return { rows: arms.join(' union all '), total: totals[0] ?? 'null' };
  }

  #everyMatch(): string {
    const driver = leastOffer(this.#offers, ({ canRead }) => canRead);
    const rows = driver && this.#criteria[driver.index]?.rows?.();
    const where = (rid: string): string[] => this.#probes(rid, driver?.index);
    if (!rows) return typeWalk(this.#sql, this.#request.types, { where, descending: true, limit: 'all' });
    return `select distinct q.rid from (${rows.query}) q where ${conjunction(where('q.rid'))}`;
  }

  #wayToTheEnd(): string {
    const { exclusion } = this.#plan;
    if (exclusion !== undefined) return this.#exclusion(exclusion);
    return this.#sorts.length === 0 ? this.#walk() : this.#sortedWalk();
  }

  #attempt(attempt: Attempt): Tried {
    switch (attempt.by) {
      case 'head':
        return this.#headAttempt(attempt.rows);
      case 'keys':
        return this.#keysAttempt(attempt.criterion, attempt.limit);
      case 'rows':
        return this.#rowsAttempt(attempt.criterion, attempt.limit);
    }
  }

  /** SQL conditions: every criterion but one is met. */
  #probes(rid: string, except?: number): string[] {
    return this.#criteria.flatMap((criterion, index) => (index === except ? [] : [criterion.probe(rid)]));
  }

  #afterCursor(values: readonly string[], rid: string): string[] {
    const { cursor } = this.#request;
    return cursor ? [afterCursor(this.#sql, this.#sorts, cursor, { values, rid })] : [];
  }

  /** Rids in their order, along the rarest criterion or all resources. */
  #walkAlong(where: (rid: string) => readonly string[], limit: string): string {
    const { walk } = this.#plan;
    const shape = { descending: isRidDescending(this.#sorts), limit, where };
    const criterion = walk === undefined ? undefined : this.#criteria[walk];
    return criterion?.walk?.(shape) ?? typeWalk(this.#sql, this.#request.types, shape);
  }

  #walk(): string {
    const where = (rid: string): string[] => [...this.#afterCursor([], rid), ...this.#probes(rid, this.#plan.walk)];
    return this.#walkAlong(where, this.#limit);
  }

  /** The first rows of the walk, read as far as it takes to fill the page. */
  #headAttempt(rows: number): Tried {
    const [first] = this.#sorts;
    const most = this.#sql.bind(rows, 'int8');
    const walk = first
      ? first.walk({
          where: (value, rid) => this.#sortedAfterCursor(first, [], value, rid),
          limit: ` limit ${most}`,
        })
      : this.#walkAlong((rid) => this.#afterCursor([], rid), most);
    const head = this.#sql.table('head', walk);
    // A table of this kind is read in the order in which it was made, and no further than asked for.
    const matching = conjunction(this.#probes('h.rid', first ? undefined : this.#plan.walk));
    const found = this.#sql.table('found', `select h.* from ${head} h where ${matching} limit ${this.#limit}`);
    const complete = [`(select count(*) from ${found}) = ${this.#limit}`];
    return { query: `select f.* from ${found} f`, complete };
  }

  #keysAttempt(index: number, mostTargets: number): Tried {
    const keyed = this.#criteria[index]?.keyedWalk?.(mostTargets);
    if (!keyed) throw new Error('The plan tries keys that are not there');
    const query = keyed.walk({
      descending: isRidDescending(this.#sorts),
      limit: this.#limit,
      where: (rid) => [...this.#afterCursor([], rid), ...this.#probes(rid, index)],
    });
    return { query, complete: keyed.complete };
  }

  /** What a criterion leaves of all resources. */
  #exclusion(index: number): string {
    const descending = isRidDescending(this.#sorts);
    const isSorted = this.#sorts.length > 0;
    const where = (rid: string): string[] => [
      ...(isSorted ? [] : this.#afterCursor([], rid)),
      ...this.#probes(rid, index),
    ];
    const left = this.#criteria[index]?.exclusion?.({ descending, limit: isSorted ? 'all' : this.#limit, where });
    if (left === undefined) throw new Error('The plan excludes what cannot be excluded');
    return isSorted ? this.#sortedPage(left, this.#sorts) : left;
  }

  /** All matches, if the criterion's rows are few: so their number is known, too. */
  #rowsAttempt(index: number, limit: number): Tried {
    const rows = this.#criteria[index]?.rows?.(limit);
    if (!rows) throw new Error('The plan reads rows that are not there');
    const { name, complete } = limitedTable(this.#sql, 'candidates', rows, limit);
    const probes = this.#probes('c.rid', index);
    const matching = conjunction([...complete, ...probes]);
    const matches =
      probes.length === 0 ? name : this.#sql.table('matches', `select c.rid from ${name} c where ${matching}`);
    const query = this.#sortedPage(`select m.rid from ${matches} m`, this.#sorts);
    return { query, complete, total: `(select count(*) from ${matches})` };
  }

  /** The page of some rows (`rid`, and `s1` ... where they are known), sorted by what is looked up for each. */
  #sortedPage(rows: string, unknown: readonly CompiledSort[], known = ''): string {
    const skipped = this.#sorts.length - unknown.length;
    const values = unknown.map((sort, index) => `, ${sort.value('m.rid')} as s${skipped + index + 1}`).join('');
    const columns = this.#sorts.map((_, index) => `v.s${index + 1}`);
    const where = conjunction(this.#afterCursor(columns, 'v.rid'));
    return `select v.* from (select m.rid${known}${values} from (${rows}) m offset 0) v where ${where} order by ${pageOrder(this.#sorts, 'v')} limit ${this.#limit}`;
  }

  #sortedAfterCursor(first: CompiledSort, others: readonly CompiledSort[], value: string, rid: string): string[] {
    const { cursor } = this.#request;
    if (!cursor) return [];
    const values = [value, ...others.map((sort) => sort.value(rid))];
    return [...fromCursor(this.#sql, first, cursor, value), ...this.#afterCursor(values, rid)];
  }

  /** The page of a sorted search: resources with a value along the index of the first key, then those without. */
  #sortedWalk(): string {
    const [first, ...others] = this.#sorts;
    if (!first) throw new Error('Nothing is sorted by');
    const segments: string[] = [];
    if (this.#request.cursor?.values[0] !== null) segments.push(`(${this.#valuedSegment(first, others)})`);
    if (first.missing) segments.push(`(${this.#missingSegment(first.missing, first.type, others)})`);
    return segments.length === 1 ? segments.join() : `${segments.join(' union all ')} limit ${this.#limit}`;
  }

  #valuedSegment(first: CompiledSort, others: readonly CompiledSort[]): string {
    const where = (value: string, rid: string): string[] => [
      ...this.#sortedAfterCursor(first, others, value, rid),
      ...this.#probes(rid),
    ];
    const limit = ` limit ${this.#limit}`;
    const [second, ...further] = others;
    if (!second) return first.walk({ where, limit });
    if (further.length === 0) return this.#tiedSegment(first, second, where);
    // Rows that are equal in the first key are sorted by the others: so all that are equal to the last one must be read.
    const head = this.#sql.table('head', first.walk({ where, limit }));
    const last = `(select ${first.descending ? 'min' : 'max'}(s1) from ${head})`;
    const upToLast = (value: string): string =>
      `((select count(*) from ${head}) < ${this.#limit} or ${value} ${first.descending ? '>=' : '<='} ${last})`;
    const rows = first.walk({ where: (value, rid) => [upToLast(value), ...where(value, rid)], limit: '' });
    return this.#sortedPage(rows, others, ', m.s1');
  }

  /**
   * Sorted by two keys: what comes before the last value of a page's length of rows, and, of the rows with that value, those
   * that the second key puts first: all of them are sorted where they are few, otherwise the index of that key is walked.
   */
  #tiedSegment(first: CompiledSort, second: CompiledSort, where: (value: string, rid: string) => string[]): string {
    const ridDescending = isRidDescending(this.#sorts);
    const { mostTied } = this.#sql.limits;
    const head = this.#sql.table('head', first.walk({ where, limit: ` limit ${this.#limit}` }));
    const last = `(select ${first.descending ? 'min' : 'max'}(s1) from ${head})`;
    const isFull = `(select count(*) from ${head}) = ${this.#limit}`;
    const isLast = (value: string): string[] => [isFull, `${value} = ${last}`];
    const most = this.#sql.bind(mostTied, 'int8');
    const tied = this.#sql.table(
      'tied',
      first.walk({ where: (value, rid) => [...isLast(value), ...where(value, rid)], limit: ` limit ${most} + 1` }),
    );
    const areMany = `(select count(*) from ${tied}) > ${most}`;
    const among = (rid: string): string[] => [areMany, ...isLast(first.value(rid)), ...this.#probes(rid)];
    const walked = this.#sql.table(
      'walked',
      second.walk({
        where: (value, rid) => [...among(rid), ...this.#afterCursor([first.value(rid), value], rid)],
        limit: ` limit ${this.#limit}`,
        ridDescending,
      }),
    );
    const rows = [
      `select rid, s1 from ${head} where not (${isFull} and s1 = ${last})`,
      `select rid, s1 from ${tied} where not (${areMany})`,
      `select rid, ${last} as s1 from ${walked}`,
    ];
    const { missing } = second;
    if (missing) {
      const isShort = `(select count(*) from ${walked}) < ${this.#limit}`;
      const without = first.walk({
        where: (value, rid) => [areMany, isShort, ...isLast(value), ...where(value, rid), missing(rid)],
        limit: ` limit ${this.#limit}`,
      });
      rows.push(`(select u.rid, u.s1 from (${without}) u)`);
    }
    return this.#sortedPage(rows.join(' union all '), [second], ', m.s1');
  }

  #missingSegment(
    missing: (rid: string) => string,
    type: CompiledSort['type'],
    others: readonly CompiledSort[],
  ): string {
    const absent = `null::${type}`;
    const isBeyond = this.#request.cursor?.values[0] === null;
    const where = (rid: string): string[] => [missing(rid), ...this.#probes(rid, this.#plan.walk)];
    if (others.length > 0) return this.#sortedPage(this.#walkAlong(where, 'all'), others, `, ${absent} as s1`);
    const after = (rid: string): string[] => (isBeyond ? this.#afterCursor([absent], rid) : []);
    const rows = this.#walkAlong((rid) => [...after(rid), ...where(rid)], this.#limit);
    return `select n.rid, ${absent} as s1 from (${rows}) n`;
  }
}
