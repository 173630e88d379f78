import { createBreath } from '#lib/breath.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { compileExtractor, type Extractor, normaliseString } from '../../indexing/index.ts';
import type { CustomParameter, IndexRules } from '../../search-parameters/index.ts';
import { keyColumns, rowColumns } from '../columns.ts';
import { IndexRows } from '../index-rows.ts';
import { type Connection, insertRows, type RowColumns } from '../queries.ts';
import { typeOfRid } from '../rid.ts';
import type { StoreState } from '../state.ts';
import { drawPlaceholders } from '../write.ts';
import { OwnPathsSink } from './own-paths-sink.ts';
import {
  deleteByRid,
  deleteKeys,
  deletePaths,
  type IndexedRow,
  lockIndexed,
  selectDiffering,
  type TokenPosition,
} from './queries.ts';

/** Makes index rows anew for resources that are stored. Resources are locked first: see lockFree. */
export interface IndexAgain {
  /** Those of these resources that have values for a parameter. */
  having(parameter: CustomParameter, rows: readonly IndexedRow[]): Promise<number[]>;
  /** Writes the rows of a parameter; what is there stays. */
  add(transaction: Transaction, parameter: CustomParameter, rows: readonly IndexedRow[]): Promise<void>;
  remove(transaction: Transaction, parameter: CustomParameter, rows: readonly IndexedRow[]): Promise<void>;
  /** The resources of a range whose index rows are others than they should be, by their contents; notes their tokens. */
  differing(
    pool: Pool,
    range: { after: number; last: number },
    rows: readonly IndexedRow[],
    rules: IndexRules,
  ): Promise<number[]>;
  /** Puts right all rows of resources but tokens of other contents; `rids` beyond `rows` are of resources that are gone. */
  repair(
    transaction: Transaction,
    rids: readonly number[],
    rows: readonly IndexedRow[],
    rules: IndexRules,
  ): Promise<void>;
  /** Removes those of these tokens that the resources do not have; returns how many. */
  removeTokens(
    transaction: Transaction,
    tokens: readonly TokenPosition[],
    rows: readonly IndexedRow[],
    rules: IndexRules,
  ): Promise<number>;
}

type Extract = (resource: JsonObject, rows: IndexRows) => void;

export function createIndexAgain(state: StoreState): IndexAgain {
  const collect = (rows: readonly IndexedRow[], extract: Extract) => collectRows(state, rows, extract);
  const byRules =
    (rules: IndexRules): Extract =>
    (resource, rows) => {
      rules.index(resource, rows);
      rows.noteWords(resource, state.textSearch ?? 'narrative');
    };
  /** As columns, with new placeholders for what is referred to and not there, unless nothing is to be written. */
  const toColumns = async (connection: Connection, rows: IndexRows, isWriting: boolean): Promise<RowColumns> => {
    const names = rows.targetNames();
    const targets = await state.targets.resolve(connection, names, new Map());
    const placeholders = isWriting ? await drawPlaceholders(state, names, targets, state.now() * 1000) : [];
    await state.dictionary.flush(state.sidePool);
    return rowColumns(placeholders, rows, rows.tokens, (name) => targets.get(name) ?? 0, state.dictionary);
  };
  const insert = async (transaction: Transaction, rows: IndexRows, generation: number | null): Promise<void> =>
    insertRows(transaction, await toColumns(transaction, rows, true), undefined, { generation, isAgain: true });

  return {
    async having(parameter, rows) {
      const extract = extractorOf(parameter);
      const breathe = createBreath();
      const found: number[] = [];
      for (const { rid, content } of rows) {
        await breathe();
        const type = typeOfRid(rid) ?? '';
        if (content === null || !parameter.planned.has(type)) continue;
        const sink = new OwnPathsSink(parameter.ownPaths, new IndexRows(state.dictionary, normaliseString));
        namingIt(JSON.parse(content) as JsonObject, (resource) => extract(type)(resource, sink));
        if (sink.count > 0) found.push(rid);
      }
      return found;
    },
    async add(transaction, parameter, rows) {
      const collected = await collect(rows, ownExtract(parameter));
      const rids = rows.map(({ rid }) => rid);
      await deletePaths(transaction, rids, [...parameter.ownPaths]);
      await insert(transaction, collected, null);
    },
    async remove(transaction, parameter, rows) {
      const collected = await collect(rows, ownExtract(parameter));
      const columns = await toColumns(transaction, collected, false);
      await deleteKeys(transaction, columns.token, columns.composite_key);
      await deletePaths(
        transaction,
        rows.map(({ rid }) => rid),
        [...parameter.ownPaths],
      );
    },
    async differing(pool, range, rows, rules) {
      const collected = await collect(rows, byRules(rules));
      return selectDiffering(pool, range, await toColumns(pool, collected, false));
    },
    async repair(transaction, rids, rows, rules) {
      await deleteByRid(transaction, rids);
      await insert(transaction, await collect(rows, byRules(rules)), rules.generation);
    },
    async removeTokens(transaction, tokens, rows, rules) {
      const collected = await collect(rows, (resource, sink) => rules.index(resource, sink));
      const wanted = new Set(collected.tokens.map(({ key, rid }) => `${key} ${rid}`));
      const superfluous = tokens.filter(({ key, rid }) => !wanted.has(`${key} ${rid}`));
      if (superfluous.length === 0) return 0;
      const none = rowColumns([], new IndexRows(state.dictionary, normaliseString), [], () => 0, state.dictionary);
      const columns = keyColumns(superfluous.map(({ key, rid }) => ({ key: BigInt(key), rid })));
      await deleteKeys(transaction, columns, none.composite_key);
      // Says whether the rules are still those: a token of another parameter would be missed.
      await insertRows(transaction, none, undefined, { generation: rules.generation, isAgain: true });
      return superfluous.length;
    },
  };
}

async function collectRows(
  { dictionary }: StoreState,
  rows: readonly IndexedRow[],
  extract: Extract,
): Promise<IndexRows> {
  const collected = new IndexRows(dictionary, normaliseString);
  const breathe = createBreath();
  for (const { rid, content } of rows) {
    await breathe();
    if (content === null) continue;
    collected.begin(rid);
    namingIt(JSON.parse(content) as JsonObject, (resource) => extract(resource, collected));
  }
  return collected;
}

/** A failure says which resource it is about. */
function namingIt(resource: JsonObject, extract: (resource: JsonObject) => void): void {
  try {
    extract(resource);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${resource.resourceType}/${resource.id} cannot be indexed: ${error.message}`);
  }
}

function extractorOf({ planned }: CustomParameter): (type: string) => Extractor {
  const compiled = new Map<string, Extractor>();
  return (type) => {
    const known = compiled.get(type);
    if (known) return known;
    const parameter = planned.get(type);
    const extract = compileExtractor(parameter ? [parameter] : []);
    compiled.set(type, extract);
    return extract;
  };
}

function ownExtract(parameter: CustomParameter): Extract {
  const extract = extractorOf(parameter);
  return (resource, rows) => {
    extract(resource.resourceType as string)(resource, new OwnPathsSink(parameter.ownPaths, rows));
  };
}

/**
 * Locks what nobody else holds; the others are to be locked one by one, in transactions of their own: who waits for one
 * lock while holding none cannot be part of a deadlock.
 */
export async function lockFree(
  transaction: Transaction,
  rids: readonly number[],
): Promise<{ rows: IndexedRow[]; busy: number[] }> {
  const rows = await lockIndexed(transaction, rids, { skipLocked: true });
  const locked = new Set(rows.map(({ rid }) => rid));
  return { rows, busy: rids.filter((rid) => !locked.has(rid)) };
}
