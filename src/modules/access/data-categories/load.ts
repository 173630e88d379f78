import { resourceTypes } from '#fhir/definitions/index.ts';
import { searchParameter } from '#fhir/indexing/index.ts';
import { any, type Condition, nothing, patientPaths, type Search } from '#fhir/search/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { CategoryConditions } from '../category-conditions.ts';
import { type DataCategory, readDataCategories } from './data-category.ts';
import { type CodeQuestion, selectKeys, syncCategories } from './queries.ts';

export interface DataCategories extends CategoryConditions {
  readonly list: readonly DataCategory[];
  /** Done once codes that came into the record are known here. */
  refresh(): Promise<void>;
  fresh(): Promise<void>;
}

export interface DataCategoryDependencies {
  readonly pool: Pool;
  readonly search: Pick<Search, 'parse'>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** A code that nobody in the region ever used takes so long to be known as one of a category. */
const refreshAfterMs = 2000;

/**
 * Reads the categories of data, compiles their searches, and tells the database their numbers. Fails with `invalid` when a
 * search is not understood, with `conflict` when a number has changed.
 */
export async function loadDataCategories({ pool, search, now }: DataCategoryDependencies): Promise<DataCategories> {
  const list = readDataCategories(resourceTypes.filter((type) => patientPaths(type).length > 0));
  const changed = await syncCategories(pool, list);
  if (changed.length > 0) {
    throw new Failure(
      'conflict',
      `Give the data categories ${changed.join(', ')} their former numbers again: consents are kept under them.`,
    );
  }
  const byNumber = new Map(list.map((category) => [category.number, category]));
  const searched = new Map<string, readonly Condition[]>();
  for (const category of list) {
    for (const [type, queries] of category.searches) {
      const name = nameOf(category.number, type);
      searched.set(name, await Promise.all(queries.map((query) => compile(search, type, query))));
    }
  }
  const questions = list.flatMap(questionsOf);
  let keys = await selectKeys(pool, questions);
  let asked = now();
  const refresh = async (): Promise<void> => {
    const at = now();
    keys = await selectKeys(pool, questions);
    asked = at;
  };
  let refreshing: Promise<void> | undefined;
  const fresh = async (): Promise<void> => {
    if (now() - asked <= refreshAfterMs) return;
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    await refreshing;
  };
  return {
    list,
    refresh,
    fresh,
    conditionOf: (number, type) => {
      // What is known stands until the database answers again.
      void fresh().catch(() => {});
      if (byNumber.get(number)?.isWhole) return undefined;
      const name = nameOf(number, type);
      const coded = keys.get(name);
      const conditions = [...(searched.get(name) ?? []), ...(coded ? [byKeys(coded)] : [])];
      return conditions.length === 0 ? nothing : any(conditions);
    },
    isSensitive: (number) => byNumber.get(number)?.isSensitive ?? false,
  };
}

const nameOf = (category: number, type: string): string => `${category} ${type}`;

const byKeys = (keys: readonly bigint[]): Condition => ({ is: 'token', keys, paths: [], codes: [], systems: [] });

async function compile(search: Pick<Search, 'parse'>, type: string, query: string): Promise<Condition> {
  const parameters = [...new URLSearchParams(query)];
  const { condition } = await search.parse({ type, parameters, handling: 'strict', restriction: undefined });
  return condition;
}

function questionsOf({ number, code, parameters, codes }: DataCategory): CodeQuestion[] {
  return [...parameters].flatMap(([type, names]) => {
    const name = nameOf(number, type);
    return names.flatMap((parameter) => {
      const plan = searchParameter(type, parameter);
      if (plan?.type !== 'token') {
        throw new Failure('invalid', `The data category ${code} names ${parameter} of ${type}, which is no token.`);
      }
      return plan.branches.flatMap(({ path }) => codes.map((range) => ({ name, path, ...range })));
    });
  });
}
