import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { SearchParameterModel } from '../definitions/index.ts';
import { extractorVersion, findDefinition, type SearchParameterPlan } from '../indexing/index.ts';
import { type Connection, type ParameterRow, selectGeneration, selectRules } from './queries.ts';
import { type CustomParameter, Rules, toCustomParameter } from './rules.ts';

/** The search parameters that there are, as far as this process knows: at most a second old for searches. */
export interface ParameterBook {
  /** What is known; read once before. Writes go by it, and fail when it is old. */
  loaded(): Promise<Rules>;
  /** What is known, at most a second old. */
  fresh(): Promise<Rules>;
  /** Reads anew, after a look that was begun now. */
  refresh(connection?: Connection): Promise<Rules>;
  /** The next look is not put off: this process is about to change the rules. */
  expire(): void;
  /** As last read: R4's own before that. */
  readonly current: Rules;
  /** Raised whenever what is answered may have changed. */
  readonly revision: number;
  readonly registry: ParameterRegistry;
}

/** What searches ask. */
export interface ParameterRegistry {
  find(type: string, code: string): SearchParameterPlan | undefined;
  ofType(type: string): SearchParameterPlan[];
  /** Of a parameter that cannot be answered yet, how many hundredths of the resources are indexed for it. */
  percentOf(type: string, code: string): number | undefined;
}

const maximumAgeMs = 1000;

export function createParameterBook(pool: Pool): ParameterBook {
  return new Book(pool);
}

class Book implements ParameterBook {
  readonly #pool: Pool;
  #rules = new Rules(0, []);
  #percent: Readonly<Record<string, number>> = {};
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<Rules> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get current(): Rules {
    return this.#rules;
  }

  get revision(): number {
    return this.#rules.generation;
  }

  readonly registry: ParameterRegistry = {
    find: (type, code) => this.#rules.find(type, code),
    ofType: (type) => this.#rules.ofType(type),
    percentOf: (type, code) => {
      const pending = this.#rules.pending(type, code);
      return pending && (this.#percent[pending.number] ?? 0);
    },
  };

  async loaded(): Promise<Rules> {
    return this.#rules.generation > 0 ? this.#rules : this.#look();
  }

  async fresh(): Promise<Rules> {
    return performance.now() - this.#readAt < maximumAgeMs ? this.#rules : this.#look();
  }

  async refresh(connection: Connection = this.#pool): Promise<Rules> {
    await this.#reading?.catch(() => {});
    return this.#look(connection);
  }

  expire(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  #look(connection: Connection = this.#pool): Promise<Rules> {
    this.#reading ??= this.#read(connection).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(connection: Connection): Promise<Rules> {
    const startedAt = performance.now();
    const { number, progress } = await selectGeneration(connection);
    this.#percent = JSON.parse(progress) as Record<string, number>;
    if (number !== this.#rules.generation) {
      const { generation, extractor, parameters } = await selectRules(connection);
      refuseNewer(extractor);
      this.#rules = new Rules(generation, planAll(parameters));
    }
    this.#readAt = startedAt;
    return this.#rules;
  }
}

/** Rows by old rules among those by new ones would be missed by searches. */
function refuseNewer(extractor: number | undefined): void {
  if (extractor !== undefined && extractor > extractorVersion) throw newerVersion();
}

export const newerVersion = (): Failure =>
  new Failure(
    'transient',
    'A newer version of Meridian keeps the index of this database. Stop this process, and start it with that version.',
  );

/** Parts of composites may be parameters that were created, too. */
export function findAmong(models: readonly SearchParameterModel[]): typeof findDefinition {
  return (url) => findDefinition(url) ?? models.find((model) => model.url === url);
}

function planAll(rows: readonly ParameterRow[]): CustomParameter[] {
  const models = rows.map(({ definition }) => JSON.parse(definition) as SearchParameterModel);
  return rows.map((row) => toCustomParameter(row, findAmong(models)));
}
