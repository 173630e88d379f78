import { createBreath } from '#lib/breath.ts';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { SearchParameterPlan } from '../indexing/index.ts';
import { createParameterBook, type ParameterBook } from '../search-parameters/index.ts';
import type { TextSearch } from '../store/index.ts';
import { countStatement, countUpTo, matchesStatement } from './count.ts';
import { printCursor } from './cursor.ts';
import { expand } from './expand.ts';
import { Expansions } from './expansions.ts';
import { findMatchesOfEach, type Match } from './find-matches.ts';
import { findIncluded } from './include.ts';
import { pageStatement } from './page.ts';
import { parseSearch } from './parse.ts';
import type { PlanLimits } from './plan.ts';
import {
  type Connection,
  countMatches,
  estimateMatches,
  onConnection,
  type PageRow,
  PreparedNames,
  selectPage,
} from './queries.ts';
import { type Placed, selectReadable } from './readable.ts';
import type { FoundResource, SearchInput, SearchRequest, SearchResult } from './request.ts';
import type { Restriction } from './restriction.ts';
import type { Statistics } from './statistics.ts';
import { StatisticsCache } from './statistics-cache.ts';
import type { TerminologySource } from './terminology-source.ts';

export interface SearchDependencies {
  pool: Pool;
  /** Without a trailing slash: references that begin with it are to resources of this server. */
  baseUrl: string;
  /** For `:in`, `:not-in`, `:above` and `:below` on codes; without it they are refused. */
  terminology?: TerminologySource;
  /** The search parameters that there are; those of the database, unless they are shared with others. */
  parameters?: ParameterBook | undefined;
  /** Whose words the store indexes, for `_text` and `_content`; `narrative` unless it is said otherwise. */
  textSearch?: TextSearch | undefined;
  /** Milliseconds since 1970 UTC; for `ap`. */
  now?: () => number;
  /** How far a search goes before it takes another way. */
  limits?: PlanLimits;
}

export interface Search {
  /** The search parameters of a resource type that are answered: what is not indexed is not promised. */
  parametersOf(type: string): SearchParameterPlan[];
  /** Learns of parameters that were created or deleted since; the number changes with what parametersOf answers. */
  freshRevision(): Promise<number>;
  /** What a search means; fails where it cannot be meant. */
  parse(input: SearchInput, connection?: Connection): Promise<SearchRequest>;
  /** One page of matches with what they include; inside a transaction, when a connection is given. */
  search(input: SearchInput, connection?: Connection): Promise<SearchResult>;
  /**
   * Up to two live resources, or as many as asked for, that meet a condition (`identifier=a|b`), all of whose parameters
   * must be understood.
   */
  findMatches(
    connection: Connection,
    asked: { type: string; query: string; restriction: Restriction | undefined },
    limit?: number,
  ): Promise<Match[]>;
  /** As findMatches, of many conditions in as few statements as possible. */
  findMatchesOfEach(
    connection: Connection,
    conditions: readonly { type: string; query: string }[],
    restriction: Restriction | undefined,
  ): Promise<Match[][]>;
  /** The rids of those resources that may be seen, decided as a search would. */
  readable(
    connection: Connection,
    restriction: Restriction | undefined,
    resources: readonly Placed[],
  ): Promise<ReadonlySet<number>>;
  /** Reads anew how frequent values are: after a large load. Otherwise it is done every minute. */
  refreshStatistics(): Promise<void>;
}

/** Sorting by identifiers reads the content of every match: 50 microseconds each. */
const mostRead = 5000;

export function createSearch({
  pool,
  baseUrl,
  terminology,
  parameters = createParameterBook(pool),
  textSearch = 'narrative',
  now = Date.now,
  limits,
}: SearchDependencies): Search {
  const statistics = new StatisticsCache(pool);
  const names = new PreparedNames();
  const parse = createParse({ baseUrl, terminology, parameters, textSearch, now, statistics });
  const selectMatches = async (connection: Connection, request: SearchRequest): Promise<PageRow[]> => {
    if (request.sort.some(({ source }) => source === 'content'))
      await requireFew(connection, request, statistics.current);
    const statement = pageStatement(request, statistics.current, limits);
    return selectPage(connection, statement, names.nameOf(statement.text));
  };
  const answer = async (connection: Connection, request: SearchRequest): Promise<SearchResult> => {
    const isCount = request.summary === 'count' || request.count === 0;
    const rows = isCount ? [] : await selectMatches(connection, request);
    const matches = ofOnePage(rows, request.count);
    const known = isCount ? undefined : knownTotal(request, rows);
    const isAsked = isCount || request.total === 'accurate' || request.total === 'estimate';
    const total = known ?? (isAsked ? await countAll(connection, request, statistics.current) : undefined);
    const readable = (found: readonly Placed[]) => selectReadable(connection, request.restriction, found, names);
    const { included, issues } = await findIncluded(connection, matches, request.includes, readable);
    return toResult(request, { rows, matches, total, included, issues });
  };

  const parseCondition = (
    connection: Connection,
    { type, query }: { type: string; query: string },
    restriction: Restriction | undefined,
  ): Promise<SearchRequest> =>
    parse(connection, { type, parameters: [...new URLSearchParams(query)], handling: 'strict', restriction });

  const findParsed = async (connection: Connection, request: SearchRequest, limit: number): Promise<Match[]> => {
    const rows = await selectMatches(connection, { ...request, count: limit - 1, sort: [] });
    return rows.map(({ rid, id, version }) => ({ rid, id, version }));
  };

  return {
    parametersOf: (type) => parameters.registry.ofType(type).filter((plan) => isAnswered(plan, textSearch)),

    freshRevision: async () => (await parameters.fresh()).generation,

    parse: (input, connection = pool) => parse(connection, input),

    search: async (input, connection) => {
      // Before a connection is taken: nobody waits for a second one with the first in hand.
      await parameters.fresh();
      const run = async (own: Connection) => answer(own, await parse(own, input));
      return connection ? run(connection) : onConnection(pool, run);
    },

    findMatches: async (connection, asked, limit = 2) =>
      findParsed(connection, await parseCondition(connection, asked, asked.restriction), limit),

    readable: (connection, restriction, resources) => selectReadable(connection, restriction, resources, names),

    findMatchesOfEach: async (connection, conditions, restriction) => {
      const requests: SearchRequest[] = [];
      const breathe = createBreath();
      for (const condition of conditions) {
        requests.push(await parseCondition(connection, condition, restriction));
        await breathe();
      }
      return findMatchesOfEach(connection, requests, 2, (request) => findParsed(connection, request, 2));
    },

    refreshStatistics: () => statistics.refresh(),
  };
}

interface ParseDependencies extends Pick<SearchDependencies, 'baseUrl' | 'terminology'> {
  parameters: ParameterBook;
  textSearch: TextSearch;
  now: () => number;
  statistics: StatisticsCache;
}

/** Reads a query, and once more with the codes below those that it names as they come to be known. */
function createParse({ baseUrl, terminology, parameters, textSearch, now, statistics }: ParseDependencies) {
  return async (connection: Connection, input: SearchInput): Promise<SearchRequest> => {
    const expansions = new Expansions();
    await parameters.fresh();
    const context = { registry: parameters.registry, baseUrl, now: now(), expansions, textSearch };
    for (;;) {
      const request = parseSearch(input, context);
      const missing = expansions.takeMissing();
      if (missing.length === 0) return request;
      await expand(expansions, missing, { connection, terminology, statistics: statistics.current });
    }
  };
}

function countAll(connection: Connection, request: SearchRequest, statistics: Statistics): Promise<number> {
  const matches = matchesStatement(request, statistics);
  // An estimate counts what may not be seen, too.
  if (request.total === 'estimate' && !request.restriction) return estimateMatches(connection, matches);
  return countMatches(connection, countStatement(matches));
}

/** What is sorted by its content is read whole. */
async function requireFew(connection: Connection, request: SearchRequest, statistics: Statistics): Promise<void> {
  const matches = matchesStatement(request, statistics);
  if ((await countMatches(connection, countUpTo(matches, mostRead + 1))) <= mostRead) return;
  throw new Failure(
    'too-costly',
    `More than ${mostRead} resources match, too many to be sorted by identifiers. Add criteria, or sort by something else.`,
  );
}

function isAnswered({ code, indexed, special }: SearchParameterPlan, textSearch: TextSearch): boolean {
  if (code === '_text') return textSearch !== 'off';
  if (code === '_content') return textSearch === 'content';
  return indexed || special === true;
}

/** A total that costs nothing: carried by the cursor, counted with the page, or all is on the page. */
function knownTotal({ cursor, count, total }: SearchRequest, rows: readonly PageRow[]): number | undefined {
  if (total === 'none') return undefined;
  if (cursor) return cursor.total;
  if (rows.length <= count) return rows.length;
  return rows[0]?.total;
}

/** The rows that the page holds: as many as asked for, or as fill it by their bytes. */
function ofOnePage(rows: readonly PageRow[], count: number): (PageRow & FoundResource)[] {
  const page: (PageRow & FoundResource)[] = [];
  for (const row of rows.slice(0, count)) {
    const { content } = row;
    if (content === null) break;
    page.push({ ...row, content });
  }
  return page;
}

interface Found extends Pick<SearchResult, 'included' | 'issues' | 'total'> {
  readonly rows: readonly PageRow[];
  readonly matches: readonly (PageRow & FoundResource)[];
}

function toResult(request: SearchRequest, { rows, matches, total, included, issues }: Found): SearchResult {
  const { understood, summary, elements } = request;
  const last = rows.length > matches.length ? matches.at(-1) : undefined;
  return {
    matches: matches.map(({ total: _, sortValues: __, ...resource }) => resource),
    included,
    ...(total !== undefined && { total }),
    ...(last && {
      next: printCursor({ rid: last.rid, values: last.sortValues, ...(total !== undefined && { total }) }),
    }),
    parameters: understood,
    ...(summary && { summary }),
    ...(elements && { elements }),
    issues: [...request.issues, ...issues],
  };
}
