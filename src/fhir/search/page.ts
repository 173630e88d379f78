import { compileCondition } from './compile.ts';
import { type Compiled, conjunction } from './compiled.ts';
import type { Condition } from './condition.ts';
import { estimateResources, estimateRows } from './estimate.ts';
import { afterCursor, fromCursor, isRidDescending, pageOrder } from './keyset.ts';
import { limitedTable } from './link-sql.ts';
import { type Offer, type Plan, planSorted, planUnsorted } from './plan.ts';
import type { SearchRequest } from './request.ts';
import { typeWalk } from './resource-sql.ts';
import { type CompiledSort, compileSort } from './sort-sql.ts';
import { SqlBuilder } from './sql-builder.ts';
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
    canWalk: compiled[index]?.walk !== undefined,
    canRead: compiled[index]?.rows !== undefined,
    canKey: compiled[index]?.keyedWalk !== undefined,
  }));
}

/**
 * The one statement of a page of matches. Its rows are: rid, type, id, version, updated, content, the total where it is known,
 * and the sort values. There is one row more than the page holds when there is a next page.
 */
export function pageStatement(request: SearchRequest, statistics: Statistics): Statement {
  return new PageCompiler(request, statistics).compile();
}

class PageCompiler {
  readonly #sql = new SqlBuilder();
  readonly #request: SearchRequest;
  readonly #criteria: readonly Compiled[];
  readonly #sorts: readonly CompiledSort[];
  readonly #plan: Plan;
  readonly #limit: string;

  constructor(request: SearchRequest, statistics: Statistics) {
    this.#request = request;
    const { types, sort, count } = request;
    const criteria = criteriaOf(request.condition);
    this.#criteria = criteria.map((condition) => compileCondition(this.#sql, condition, types));
    this.#sorts = sort.map((key) => compileSort(this.#sql, key, types));
    this.#limit = this.#sql.bind(count + 1, 'int8');
    const offers = offersOf(criteria, this.#criteria, statistics, types);
    const everyone = estimateResources(statistics, types);
    this.#plan = sort.length === 0 ? planUnsorted(offers, everyone) : planSorted(offers, everyone, count + 1);
  }

  compile(): Statement {
    const { trial } = this.#plan;
    const tried = trial && (trial.by === 'keys' ? this.#keyedTrial(trial.criterion) : this.#readTrial(trial));
    const walk = this.#sorts.length === 0 ? this.#walk() : this.#sortedWalk();
    const rows = tried
      ? `(select t.* from (${tried.query}) t where ${conjunction(tried.complete)}) union all (select w.* from (${walk}) w where not (${conjunction(tried.complete)}))`
      : walk;
    const sortColumns = this.#sorts.map((_, index) => `, page.s${index + 1}`).join('');
    const text = this.#sql.statement(
      `select r.rid, r.type, r.id, r.version, r.updated, r.content, ${tried?.total ?? 'null'} as total${sortColumns}
from (${rows}) page
cross join lateral (select * from fhir.resource where rid = page.rid offset 0) r
order by ${pageOrder(this.#sorts, 'page')}`,
    );
    return { text, values: this.#sql.values };
  }

  /** SQL conditions: every criterion but one is met. */
  #probes(rid: string, except: number | undefined): string[] {
    return this.#criteria.flatMap((criterion, index) => (index === except ? [] : [criterion.probe(rid)]));
  }

  #afterCursor(values: readonly string[], rid: string): string[] {
    const { cursor } = this.#request;
    return cursor ? [afterCursor(this.#sql, this.#sorts, cursor, { values, rid })] : [];
  }

  /** The page of an unsorted search, by the plan's walk. */
  #walk(extra: (rid: string) => readonly string[] = () => []): string {
    const { walk } = this.#plan;
    const shape = {
      descending: isRidDescending(this.#sorts),
      limit: this.#limit,
      where: (rid: string) => [...extra(rid), ...this.#probes(rid, walk)],
    };
    const unsorted = { ...shape, where: (rid: string) => [...this.#afterCursor([], rid), ...shape.where(rid)] };
    const criterion = walk === undefined ? undefined : this.#criteria[walk];
    const chosen = this.#sorts.length === 0 ? unsorted : shape;
    return criterion?.walk?.(chosen) ?? typeWalk(this.#sql, this.#request.types, chosen);
  }

  #keyedTrial(index: number): { query: string; complete: readonly string[]; total?: string } {
    const keyed = this.#criteria[index]?.keyedWalk?.();
    if (!keyed) throw new Error('The plan tries keys that are not there');
    const query = keyed.walk({
      descending: isRidDescending(this.#sorts),
      limit: this.#limit,
      where: (rid) => [...this.#afterCursor([], rid), ...this.#probes(rid, index)],
    });
    return { query, complete: keyed.complete };
  }

  /** All matches, if the criterion's rows are few: so their number is known, too. */
  #readTrial({ criterion, limit }: { criterion: number; limit: number }) {
    const rows = this.#criteria[criterion]?.rows?.(limit);
    if (!rows) throw new Error('The plan reads rows that are not there');
    const { name, complete } = limitedTable(this.#sql, 'candidates', rows, limit);
    const matching = conjunction([...complete, ...this.#probes('c.rid', criterion)]);
    const matched = this.#sql.table('matches', `select c.rid from ${name} c where ${matching}`);
    const values = this.#sorts.map((sort, index) => `${sort.value('m.rid')} as s${index + 1}`);
    const columns = this.#sorts.map((_, index) => `v.s${index + 1}`);
    const valued = `select ${['m.rid', ...values].join(', ')} from ${matched} m offset 0`;
    const query = `select v.* from (${valued}) v where ${conjunction(this.#afterCursor(columns, 'v.rid'))} order by ${pageOrder(this.#sorts, 'v')} limit ${this.#limit}`;
    const total = `case when ${conjunction(complete)} then (select count(*) from ${matched}) end`;
    return { query, complete, total };
  }

  /** The page of a sorted search: resources with a value along the index of the first key, then those without. */
  #sortedWalk(): string {
    const [first, ...others] = this.#sorts;
    if (!first) throw new Error('Nothing is sorted by');
    const { cursor } = this.#request;
    const segments: string[] = [];
    if (cursor?.values[0] !== null) segments.push(this.#valuedSegment(first, others));
    if (first.missing) segments.push(this.#missingSegment(first.missing, others));
    return (
      segments.map((segment) => `(${segment})`).join(' union all ') +
      (segments.length > 1 ? ` limit ${this.#limit}` : '')
    );
  }

  #valuedSegment(first: CompiledSort, others: readonly CompiledSort[]): string {
    const { cursor } = this.#request;
    const where = (value: string, rid: string): string[] => [
      ...(cursor ? fromCursor(this.#sql, first, cursor, value) : []),
      ...(cursor ? this.#afterCursor([value, ...others.map((sort) => sort.value(rid))], rid) : []),
      ...this.#probes(rid, undefined),
    ];
    const limit = ` limit ${this.#limit}`;
    if (others.length === 0) return first.walk({ where, limit });
    // Rows that are equal in the first key are sorted by the others: so all that are equal to the last one must be read.
    const head = this.#sql.table('head', first.walk({ where, limit }));
    const last = `(select ${first.descending ? 'min' : 'max'}(s1) from ${head})`;
    const upToLast = (value: string): string =>
      `((select count(*) from ${head}) < ${this.#limit} or ${value} ${first.descending ? '>=' : '<='} ${last})`;
    const rows = first.walk({ where: (value, rid) => [upToLast(value), ...where(value, rid)], limit: '' });
    const values = others.map((sort, index) => `, ${sort.value('h.rid')} as s${index + 2}`).join('');
    return `select v.* from (select h.rid, h.s1${values} from (${rows}) h offset 0) v order by ${pageOrder(this.#sorts, 'v')}${limit}`;
  }

  #missingSegment(missing: (rid: string) => string, others: readonly CompiledSort[]): string {
    const [first] = this.#sorts;
    const absent = `null::${first?.type}`;
    if (others.length === 0) {
      const { cursor } = this.#request;
      const after = (rid: string): string[] => (cursor?.values[0] === null ? this.#afterCursor([absent], rid) : []);
      return `select n.rid, ${absent} as s1 from (${this.#walk((rid) => [...after(rid), missing(rid)])}) n`;
    }
    const values = others.map((sort, index) => `, ${sort.value('n.rid')} as s${index + 2}`).join('');
    const all = typeWalk(this.#sql, this.#request.types, {
      descending: true,
      limit: 'all',
      where: (rid) => [missing(rid), ...this.#probes(rid, undefined)],
    });
    const columns = this.#sorts.map((_, index) => `v.s${index + 1}`);
    return `select v.* from (select n.rid, ${absent} as s1${values} from (${all}) n offset 0) v where ${conjunction(this.#afterCursor(columns, 'v.rid'))} order by ${pageOrder(this.#sorts, 'v')} limit ${this.#limit}`;
  }
}
