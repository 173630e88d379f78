import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import type { BuiltIn } from './built-in.ts';
import {
  additionsOf,
  type CodeSystem,
  createCodeSystem,
  describeCodeSystem,
  isCaseSensitive,
  withProperties,
} from './code-system.ts';
import type { Entry, TerminologyType } from './entry.ts';
import { extractConcepts } from './extract-concepts.ts';
import { Generation } from './generation.ts';
import {
  type CanonicalRow,
  type ConceptSetRow,
  selectAllOfType,
  selectByRid,
  selectCanonicals,
  selectConceptSets,
  selectContent,
  selectGeneration,
  selectSupplements,
} from './queries.ts';
import { createStoredConcepts } from './stored-concepts.ts';
import { supplementConcepts } from './supplemented-concepts.ts';
import { WeightedCache } from './weighted-cache.ts';

/** Characters of resources, parsed or made ready, that a process keeps. */
const keptCharacters = 64_000_000;
/** Where a CodeSystem's text is longer, its concepts are moved to a table. */
const longestInMemory = 4_000_000;
const keptAnswers = 20_000_000;
const mostDerived = 1_000;

/** What is stored and what is built in, as it was at one moment. */
export class Library {
  readonly pool: Pool;
  readonly #builtIn: BuiltIn;
  readonly #generation: Generation;
  readonly #resources = new WeightedCache<Promise<JsonObject | undefined>>(keptCharacters);
  readonly #codeSystems = new WeightedCache<Promise<CodeSystem | undefined>>(keptCharacters);
  /** Looks into the catalogue; forgotten when the generation changes. */
  #entries = new Map<string, Promise<Entry[]>>();
  readonly #derived = new Map<string, Promise<unknown>>();
  #seen = -1;
  /** Whole answers of this generation: what a slower request answers later goes to the cache that it began with. */
  answers = new WeightedCache<string>(keptAnswers);

  constructor(pool: Pool, builtIn: BuiltIn) {
    this.pool = pool;
    this.#builtIn = builtIn;
    this.#generation = new Generation(() => selectGeneration(pool));
  }

  /** Forgets what has changed; to be called before each request. */
  async refresh(): Promise<void> {
    const generation = await this.#generation.current();
    if (generation === this.#seen) return;
    this.#seen = generation;
    this.#entries = new Map();
    this.#derived.clear();
    this.answers = new WeightedCache(keptAnswers);
  }

  /** Keeps what was made of several resources until any of them changes. */
  derive<Value>(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#derived.get(key);
    if (known) return known as Promise<Value>;
    if (this.#derived.size >= mostDerived) this.#derived.clear();
    const making = make();
    this.#derived.set(key, making);
    making.catch(() => this.#derived.delete(key));
    return making;
  }

  /** All versions of a canonical address, the last written first, built in ones last. */
  entries(type: TerminologyType, url: string): Promise<Entry[]> {
    return this.#remember(`${type} ${url}`, async () => {
      const rows = await selectCanonicals(this.pool, resourceTypeNumber(type), url);
      return [...rows.map((row) => this.#storedEntry(row)), ...this.#builtIn.entries(type, url)];
    });
  }

  supplementsOf(url: string): Promise<Entry[]> {
    return this.#remember(`supplements ${url}`, async () =>
      (await selectSupplements(this.pool, url)).map((row) => this.#storedEntry(row)),
    );
  }

  /** Every stored ConceptMap, then the built-in ones. */
  conceptMaps(): Promise<Entry[]> {
    return this.#remember('all ConceptMap', async () => {
      const rows: CanonicalRow[] = [];
      for (let more = true; more; ) {
        const page = await selectAllOfType(this.pool, resourceTypeNumber('ConceptMap'), rows.at(-1)?.rid ?? 0);
        for (const each of page) rows.push(each);
        more = page.length > 0;
      }
      return [...rows.map((row) => this.#storedEntry(row)), ...this.#builtIn.conceptMaps()];
    });
  }

  async entryOfRid(rid: number): Promise<Entry | undefined> {
    const row = await selectByRid(this.pool, rid);
    return row && this.#storedEntry(row);
  }

  load(entry: Entry): Promise<JsonObject | undefined> {
    return this.#keep(this.#resources, entry.key, entry.length, () => entry.load());
  }

  /** Made ready for questions, with these supplements; undefined when it was removed meanwhile. */
  codeSystem(entry: Entry, supplements: readonly JsonObject[], supplementKeys: readonly string[]) {
    const key = [entry.key, ...supplementKeys].join(' ');
    return this.#keep(this.#codeSystems, key, Math.min(entry.length, longestInMemory), () =>
      this.createCodeSystem(entry, supplements),
    );
  }

  async createCodeSystem(entry: Entry, supplements: readonly JsonObject[]): Promise<CodeSystem | undefined> {
    const resource = await entry.load();
    if (!resource) return undefined;
    const set = await this.#conceptSet(entry, resource);
    if (!set) return createCodeSystem(resource, supplements);
    const { concept: _, ...described } = withProperties(resource, supplements);
    const concepts = createStoredConcepts(this.pool, set, isCaseSensitive(resource));
    return {
      ...describeCodeSystem(described),
      concepts: supplements.length === 0 ? concepts : supplementConcepts(concepts, additionsOf(supplements)),
      supplements: supplements.map((one) => String(one.url)),
    };
  }

  /** The table's concepts of a CodeSystem, where they are there or belong there. */
  async #conceptSet(entry: Entry, resource: JsonObject): Promise<ConceptSetRow | undefined> {
    const { rid, resourceVersion } = entry;
    if (rid === undefined || resourceVersion === undefined) return undefined;
    const hasConcepts = Array.isArray(resource.concept) && resource.concept.length > 0;
    if (hasConcepts && entry.length <= longestInMemory) return undefined;
    const sets = await selectConceptSets(this.pool, rid);
    if (!hasConcepts) return sets.find((set) => set.resourceVersion === undefined);
    const known = sets.find((set) => set.resourceVersion === resourceVersion);
    return known ?? extractConcepts(this.pool, rid, resourceVersion, resource);
  }

  #storedEntry({ rid, resourceVersion, url, version, length }: CanonicalRow): Entry {
    return {
      key: `${rid}/${resourceVersion}`,
      url,
      version,
      rid,
      resourceVersion,
      length,
      load: async () => {
        const content = await selectContent(this.pool, rid, resourceVersion);
        return content === undefined ? undefined : (parseJson(content) as JsonObject);
      },
    };
  }

  #remember(key: string, look: () => Promise<Entry[]>): Promise<Entry[]> {
    const entries = this.#entries;
    const known = entries.get(key);
    if (known) return known;
    if (entries.size > 20_000) entries.clear();
    const looking = look();
    entries.set(key, looking);
    looking.catch(() => entries.delete(key));
    return looking;
  }

  #keep<Value>(
    cache: WeightedCache<Promise<Value>>,
    key: string,
    weight: number,
    make: () => Promise<Value>,
  ): Promise<Value> {
    const known = cache.get(key);
    if (known) return known;
    const making = make();
    cache.set(key, making, weight + 1_000);
    making.catch(() => cache.delete(key));
    return making;
  }
}
