import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Concept } from './concept.ts';
import { ConceptLoader } from './concept-loader.ts';
import { beforeAll, type ConceptPage, type Concepts } from './concepts.ts';
import { type ConceptQuery, meets } from './condition.ts';
import { type LexemeQuery, lexemeQuery } from './lexeme.ts';
import {
  type ConceptRow,
  type ConceptSetRow,
  countConcepts,
  selectConcepts,
  selectConceptsByCode,
  selectConceptsByNumber,
  selectConceptsFound,
  selectConceptsNearby,
} from './queries.ts';

/** So many concepts are walked where enough of them should match. */
const nearby = 2_000;
/** Concepts whose conditions the index cannot answer are read in such pieces. */
const piece = 2_000;
const mostCounts = 1_000;

const isFlagged = (flags: number, bit: number): boolean => (flags & bit) !== 0;

function toConcept([number, flags, code, display, content, parents, ancestors]: ConceptRow): Concept {
  return {
    number,
    code,
    display: display ?? undefined,
    content: parseJson(content) as JsonObject,
    parents,
    ancestors,
    isInactive: isFlagged(flags, 1),
    isAbstract: isFlagged(flags, 2),
    hasChildren: isFlagged(flags, 4),
  };
}

/** The concepts of a set in the database. A set never changes, so counts are kept. */
export function createStoredConcepts(pool: Pool, set: ConceptSetRow, isCaseSensitive: boolean): Concepts {
  const source = new StoredConcepts(pool, set, isCaseSensitive);
  return {
    size: set.size,
    find: (codes) => source.find(codes),
    numbered: (numbers) => source.numbered(numbers),
    select: (query, page) => source.select(query, page),
    count: (query) => source.count(query),
  };
}

class StoredConcepts {
  readonly #pool: Pool;
  readonly #set: ConceptSetRow;
  readonly #isCaseSensitive: boolean;
  readonly #byCode: ConceptLoader<string>;
  readonly #byNumber: ConceptLoader<number>;
  readonly #counts = new Map<string, number>();

  constructor(pool: Pool, set: ConceptSetRow, isCaseSensitive: boolean) {
    this.#pool = pool;
    this.#set = set;
    this.#isCaseSensitive = isCaseSensitive;
    this.#byCode = new ConceptLoader(
      async (codes) => (await selectConceptsByCode(pool, set.conceptSet, codes)).map(toConcept),
      ({ code }) => code,
    );
    this.#byNumber = new ConceptLoader(
      async (numbers) => (await selectConceptsByNumber(pool, numbers)).map(toConcept),
      ({ number }) => number,
    );
  }

  get #first(): number {
    return this.#set.firstNumber - 1;
  }

  get #last(): number {
    return this.#set.firstNumber + this.#set.size - 1;
  }

  async find(codes: readonly string[]): Promise<(Concept | undefined)[]> {
    const found = await Promise.all(codes.map((code) => this.#byCode.find(code)));
    if (this.#isCaseSensitive) return found;
    return Promise.all(codes.map(async (code, index) => found[index] ?? (await this.#findFolded(code))));
  }

  async numbered(numbers: readonly number[]): Promise<Concept[]> {
    const ordered = [...numbers].sort((left, right) => left - right);
    const found = await Promise.all(ordered.map((number) => this.#byNumber.find(number)));
    return found.filter((concept) => concept !== undefined);
  }

  /** The code as a whole is one of the words of a concept, in small letters. */
  async #findFolded(code: string): Promise<Concept | undefined> {
    const folded = code.toLowerCase();
    const { text } = lexemeQuery(this.#set.conceptSet, { conditions: [], words: [folded] });
    const range = { after: this.#first, last: this.#last, skip: 0, limit: 50 };
    const rows = await selectConceptsFound(this.#pool, text.replace(/:\*$/, ''), range);
    return rows.map(toConcept).find((concept) => concept.code.toLowerCase() === folded);
  }

  async select(query: ConceptQuery, page: ConceptPage): Promise<Concept[]> {
    const lexemes = lexemeQuery(this.#set.conceptSet, query);
    if (lexemes.numbers) return this.#selectAmong(lexemes.numbers, query, page);
    if (lexemes.rest.length === 0) return this.#selectByIndex(lexemes, page);
    const found: Concept[] = [];
    const wanted = (page.skip ?? 0) + page.limit;
    for (let after = page.after; found.length < wanted; ) {
      const rows = await this.#selectByIndex(lexemes, { after, limit: piece });
      found.push(...rows.filter((concept) => meetsAll(concept, lexemes)));
      if (rows.length < piece) break;
      after = rows.at(-1)?.number ?? after;
    }
    return found.slice(page.skip ?? 0, wanted);
  }

  async #selectByIndex({ text, isNarrow }: LexemeQuery, { after, skip = 0, limit }: ConceptPage): Promise<Concept[]> {
    const range = { after: Math.max(after, this.#first), last: this.#last, skip, limit };
    if (text === '') {
      // The numbers of a set have no gaps.
      return (await selectConcepts(this.#pool, { ...range, after: range.after + skip })).map(toConcept);
    }
    const count = this.#counts.get(text) ?? this.#set.size;
    const isDense = !isNarrow && skip === 0 && (count * nearby) / this.#set.size >= limit;
    const near = isDense ? await selectConceptsNearby(this.#pool, text, range, nearby) : [];
    const rows = near.length < limit ? await selectConceptsFound(this.#pool, text, range) : near;
    return rows.map(toConcept);
  }

  /** A few concepts that are named: their other conditions are looked at one by one. */
  async #selectAmong(
    numbers: readonly number[],
    query: ConceptQuery,
    { after, skip = 0, limit }: ConceptPage,
  ): Promise<Concept[]> {
    const { text, rest } = lexemeQuery(this.#set.conceptSet, query);
    const named = (await selectConceptsByNumber(this.#pool, numbers)).map(toConcept);
    if (named.length === 0) return [];
    const [first, last] = [named[0]?.number ?? 0, named.at(-1)?.number ?? 0];
    const matching = text === '' ? undefined : new Set(await this.#numbersFound(text, first, last));
    return named
      .filter((concept) => concept.number > after && (matching?.has(concept.number) ?? true))
      .filter((concept) => meetsAll(concept, { rest }))
      .slice(skip, skip + limit);
  }

  async #numbersFound(text: string, first: number, last: number): Promise<number[]> {
    const rows = await selectConceptsFound(this.#pool, text, {
      after: first - 1,
      last,
      skip: 0,
      limit: last - first + 1,
    });
    return rows.map(([number]) => number);
  }

  async count(query: ConceptQuery): Promise<number> {
    const lexemes = lexemeQuery(this.#set.conceptSet, query);
    if (lexemes.rest.length > 0 || lexemes.numbers) return this.#countByReading(query);
    if (lexemes.text === '') return this.#set.size;
    const known = this.#counts.get(lexemes.text);
    if (known !== undefined) return known;
    const count = await countConcepts(this.#pool, lexemes.text, { after: this.#first, last: this.#last });
    if (this.#counts.size >= mostCounts) this.#counts.clear();
    this.#counts.set(lexemes.text, count);
    return count;
  }

  async #countByReading(query: ConceptQuery): Promise<number> {
    let count = 0;
    for (let after = beforeAll; ; ) {
      const found = await this.select(query, { after, limit: piece });
      count += found.length;
      if (found.length < piece) return count;
      after = found.at(-1)?.number ?? after;
    }
  }
}

const meetsAll = (concept: Concept, { rest }: Pick<LexemeQuery, 'rest'>): boolean =>
  rest.every((condition) => meets(concept, condition));
