import { Failure } from '#lib/failure.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { lockConditionsOf } from '../rest/condition.ts';
import { type Change, method, nameOf, type Outcome, printContent, type Store } from '../store/index.ts';
import { rewriteLinks } from '../validation/index.ts';
import type { Answers, FindMatches } from './find-references.ts';
import { keyOfCondition, relativeToOwnServer, toTarget } from './links.ts';
import { type Item, takeBody } from './parse-item.ts';
import type { Fate } from './tally.ts';

export interface WriteDependencies {
  pool: Pool;
  store: Store;
  findMatches: FindMatches;
}

/** What became of an item, and the name of the resource that it stands for. */
export interface Written {
  item: Item;
  fate: Fate;
  /** Undefined when a deletion found nothing. */
  name: string | undefined;
  /** Why it was rejected. */
  reason?: string;
}

/** Writes more in the same transaction. */
export type Also = (transaction: Transaction, written: readonly Written[]) => Promise<void>;

/**
 * Writes items in one transaction, references resolved by `answers`. When one of them cannot be stored, the others are
 * written in smaller and smaller transactions, and that one is rejected; `also` then has a transaction of its own.
 */
export async function writeItems(
  deps: WriteDependencies,
  items: readonly Item[],
  answers: Answers,
  also: Also,
): Promise<Written[]> {
  const known = new Set<Item>();
  try {
    return await commit(deps, items, answers, known, also);
  } catch (error) {
    if (items.length === 0 || reasonOf(error) === undefined) throw error;
  }
  // Halves refer to each other: what means one resource only is known at once, what a condition decides comes first.
  const byCondition = items.filter(({ condition }) => condition !== undefined);
  const others = items.filter(({ condition }) => condition === undefined);
  for (const item of others) addNames({ item, name: item.name }, answers);
  const written = await bisect(deps, [...byCondition, ...others], answers, known);
  await inTransaction(deps.pool, (transaction) => also(transaction, written));
  return written;
}

async function bisect(
  deps: WriteDependencies,
  items: readonly Item[],
  answers: Answers,
  known: Set<Item>,
): Promise<Written[]> {
  const middle = Math.ceil(items.length / 2);
  const written: Written[] = [];
  for (const half of [items.slice(0, middle), items.slice(middle)]) {
    const done = half.length > 0 ? await writeHalf(deps, half, answers, known) : [];
    for (const step of done) addNames(step, answers);
    written.push(...done);
  }
  return written;
}

/** From now on, references to this item are known to mean this resource. */
export function addNames({ item, name }: Pick<Written, 'item' | 'name'>, answers: Answers): void {
  if (name === undefined) return;
  if (item.key !== undefined) answers.set(item.key, { name });
  if (item.condition !== undefined) answers.set(keyOfCondition(item.type, item.condition), { name });
}

async function writeHalf(
  deps: WriteDependencies,
  items: readonly Item[],
  answers: Answers,
  known: Set<Item>,
): Promise<Written[]> {
  try {
    return await commit(deps, items, answers, known, async () => {});
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const [item] = items;
    if (items.length === 1 && item) return [{ item, fate: 'rejected', name: undefined, reason }];
    return bisect(deps, items, answers, known);
  }
}

/** Why the content of an item cannot be stored; undefined when the error has another cause. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Failure) return error.code === 'transient' ? undefined : error.message;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isAboutValues = typeof code === 'string' && /^(?:22|23|54)...$/.test(code);
  return isAboutValues ? `PostgreSQL refuses it: ${message} (${code}).` : undefined;
}

/** Thrown to roll back when versions turn out to be known: they are left out of the next attempt. */
class KnownVersions extends Error {}

async function commit(
  deps: WriteDependencies,
  items: readonly Item[],
  answers: Answers,
  known: Set<Item>,
  also: Also,
): Promise<Written[]> {
  for (;;) {
    try {
      return await inTransaction(
        deps.pool,
        async (transaction) => {
          const written = await attempt(deps, transaction, items, answers, known);
          await also(transaction, written);
          return written;
        },
        { retryUniqueViolation: true },
      );
    } catch (error) {
      if (!(error instanceof KnownVersions)) throw error;
    }
  }
}

async function attempt(
  deps: WriteDependencies,
  transaction: Transaction,
  items: readonly Item[],
  answers: Answers,
  known: Set<Item>,
): Promise<Written[]> {
  const written = await decideAll(deps, transaction, items, known);
  const names: Answers = new Map(answers);
  for (const step of written) addNames(step, names);
  const writing = written.filter(({ fate }) => fate === undefined);
  const changes = writing.map(({ item, name = '' }) => toChange(item, name, names));
  const outcomes = await deps.store.write(transaction, changes, { references: 'accept' });
  for (const [index, { status }] of outcomes.entries()) {
    const step = writing[index];
    if (step) step.fate = status;
  }
  const updated = writing.filter(({ fate }) => fate === 'updated');
  if (updated.length > 0) await leaveKnownOut(deps, transaction, updated, outcomes, changes, writing, known);
  return written.map(({ item, fate = 'unchanged', name }) => ({ item, fate, name }));
}

interface Decision {
  item: Item;
  name: string | undefined;
  /** Undefined while it is to be written. */
  fate: Fate | undefined;
}

/** Decides which resource each item means. Conditions are decided under locks, one after the other. */
async function decideAll(
  deps: WriteDependencies,
  transaction: Transaction,
  items: readonly Item[],
  known: Set<Item>,
): Promise<Decision[]> {
  const conditional = items.flatMap(({ type, condition: query }) => (query === undefined ? [] : [{ type, query }]));
  if (conditional.length > 0) await lockConditionsOf(transaction, conditional);
  const created = new Map<string, string>();
  const decisions: Decision[] = [];
  for (const item of items) {
    if (known.has(item)) decisions.push({ item, name: item.name, fate: 'unchanged' });
    else if (item.condition === undefined) decisions.push({ item, name: item.name, fate: undefined });
    else decisions.push(await decide(deps, transaction, item, item.condition, created));
  }
  return decisions;
}

async function decide(
  deps: WriteDependencies,
  transaction: Transaction,
  item: Item,
  condition: string,
  created: Map<string, string>,
): Promise<Decision> {
  const asReference = keyOfCondition(item.type, condition);
  const [match, another] = created.has(asReference)
    ? [{ id: created.get(asReference) ?? '' }]
    : await deps.findMatches(transaction, item.type, condition);
  if (another) throw new Failure('multiple-matches', `More than one resource meets the condition ${asReference}.`);
  if (match) {
    const name = nameOf(item.type, match.id);
    return { item, name, fate: item.method === method.post || created.has(asReference) ? 'unchanged' : undefined };
  }
  if (item.method === method.delete) return { item, name: undefined, fate: 'absent' };
  created.set(asReference, item.id);
  return { item, name: item.name, fate: undefined };
}

function toChange(item: Item, name: string, answers: Answers): Change {
  const { type, method, expectedVersion, fullUrl, place } = item;
  const id = name.slice(name.indexOf('/') + 1);
  const body = takeBody(item);
  for (const { link, target } of body?.links ?? []) {
    rewriteLinks([link], (reference) => {
      const key = target?.key ?? toTarget(place, reference)?.key;
      const answer = key === undefined ? undefined : answers.get(key);
      if (answer && 'name' in answer) return answer.name;
      if (target?.mustBeResolved) throw new Failure('processing', `${reference} is not found.`);
      return relativeToOwnServer(fullUrl, reference);
    });
  }
  return { type, id, method, resource: body?.resource, expectedVersion };
}

/**
 * A version that a resource had before is not brought in again: importing the same files twice changes nothing, even
 * where the input itself or somebody on the server has moved on since.
 */
async function leaveKnownOut(
  deps: WriteDependencies,
  transaction: Transaction,
  updated: readonly Decision[],
  outcomes: readonly Outcome[],
  changes: readonly Change[],
  writing: readonly Decision[],
  known: Set<Item>,
): Promise<void> {
  const before = known.size;
  for (const step of updated) {
    const index = writing.indexOf(step);
    const change = changes[index];
    const outcome = outcomes[index];
    if (change?.resource && outcome && (await hadVersion(deps.store, transaction, change, outcome))) {
      known.add(step.item);
    }
  }
  if (known.size > before) throw new KnownVersions();
}

const longestHistory = 1000;

async function hadVersion(
  store: Store,
  transaction: Transaction,
  { type, id, resource }: Change,
  { version }: Outcome,
): Promise<boolean> {
  if (version <= 2 || !resource) return false;
  const { rows } = await store.history.ofResource(transaction, type, id, { count: longestHistory });
  return rows.some(
    (row) => row.version < version && row.content === printContent(resource, id, row.version, row.updated),
  );
}
