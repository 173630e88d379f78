import { createBreath } from '#lib/breath.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { Int2Column, Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { resourceTypeNumber, resourceTypeOfNumber } from '../definitions/index.ts';
import { normaliseString } from '../indexing/index.ts';
import type { IndexRules } from '../search-parameters/index.ts';
import type { Change, Outcome } from './change.ts';
import { keyColumns, type NewResource, rowColumns, withoutTokens } from './columns.ts';
import { planParameters, registerParameters } from './definitions.ts';
import { IndexRows } from './index-rows.ts';
import { findDangling, type ReferencePolicy, refuseReferred } from './integrity.ts';
import { method } from './method.ts';
import { isWritten, planStep, type Step } from './plan-step.ts';
import {
  type Connection,
  insertRows,
  lockResources,
  OldRules,
  replaceVersions,
  type StoredRow,
  selectRids,
  type VersionColumns,
  type WrittenColumns,
} from './queries.ts';
import { nameOf, ridOf } from './rid.ts';
import type { TokenRow } from './rows.ts';
import type { StoreState } from './state.ts';
import { splitName } from './targets.ts';

/** Changes that stand or fall together. */
export type Unit = readonly Change[];

/** What became of a unit: `busy` when others hold its resources, and the caller did not want to wait. */
export type Settled = { outcomes: Outcome[] } | { error: unknown } | 'busy';

export interface WriteOptions {
  /** `accept`: references to what is not there are no failure, whatever the policy. */
  references?: 'accept';
  /** Leaves out units whose resources are locked by others. */
  skipBusy?: boolean;
}

/** See Store.write. */
export async function writeChanges(
  state: StoreState,
  connection: Connection,
  changes: Unit,
  options?: Pick<WriteOptions, 'references'>,
): Promise<Outcome[]> {
  const [settled] = await writeUnits(state, connection, [changes], options);
  if (settled === undefined || settled === 'busy') throw new Error('A write was left out');
  if ('error' in settled) throw settled.error;
  return settled.outcomes;
}

/** Writes several units at once, of which one may fail alone; no resource may be in two of them. */
export async function writeUnits(
  state: StoreState,
  connection: Connection,
  units: readonly Unit[],
  { skipBusy = false, references }: WriteOptions = {},
): Promise<Settled[]> {
  const changes = units.flat();
  refuseRepeated(changes);
  const { current, busy } = await lockAndFind(connection, changes, skipBusy);
  await guardBefore(state, connection, changes, current);
  const now = state.now() * 1000;
  const numbers = await state.numbers.draw(state.sidePool, changes.length - current.size);
  let drawn = 0;
  const plan = (change: Change): Step => {
    const stored = current.get(nameOf(change.type, change.id));
    const step = planStep(labelled(state, change, stored), stored, now, () => numbers[drawn++] ?? 0);
    const issues = change.resource && state.issues?.of(change.resource);
    if (issues && issues.length > 0) step.outcome.issues = issues;
    return step;
  };
  const planned = units.map((unit): Planned => {
    if (busy.size > 0 && unit.some(({ type, id }) => busy.has(nameOf(type, id)))) return 'busy';
    try {
      return unit.map(plan);
    } catch (error) {
      if (error instanceof Failure) return { error };
      throw error;
    }
  });
  const policy = references === 'accept' ? undefined : state.references;
  if (policy) await refuseDangling(policy, connection, planned);
  const plans = await planParameters(connection, planned);
  const writing = planned.flatMap((steps) => (Array.isArray(steps) ? steps.filter(isWritten) : []));
  if (writing.length > 0) await writeByRules(state, connection, writing, now);
  await writeDerived(state, connection, writing);
  await guardAfter(state, connection, planned);
  if (plans) await registerParameters(state, connection, plans, writing);
  if (policy) await refuseReferred(connection, writing);
  return planned.map((steps): Settled => {
    if (steps === 'busy') return steps;
    return Array.isArray(steps) ? { outcomes: steps.map(({ outcome }) => outcome) } : steps;
  });
}

const labelled = ({ label }: StoreState, change: Change, stored: StoredRow | undefined): Change =>
  label && change.resource ? { ...change, resource: label(change.resource, stored?.content, change.access) } : change;

const isLive = (row: StoredRow | undefined): row is StoredRow =>
  row !== undefined && row.method !== method.placeholder && row.method !== method.delete;

/** Before anything is said about what is there: neither its version nor its content is told to whom it is closed. */
async function guardBefore(
  { guard }: StoreState,
  connection: Connection,
  changes: Unit,
  current: ReadonlyMap<string, StoredRow>,
): Promise<void> {
  if (!guard) return;
  const replacing = changes.flatMap((change) => {
    const row = change.access && current.get(nameOf(change.type, change.id));
    return isLive(row) ? [{ change, rid: row.rid }] : [];
  });
  if (replacing.length > 0) await guard.before(connection, replacing);
}

async function guardAfter({ guard }: StoreState, connection: Connection, planned: readonly Planned[]): Promise<void> {
  if (!guard) return;
  const steps = planned.flatMap((unit) => (Array.isArray(unit) ? unit : []));
  const written = steps
    .filter(({ change, outcome }) => change.access && outcome.status !== 'absent')
    .map(({ change, outcome, rid, current }) => ({ change, outcome, rid, isReplacing: isLive(current) }));
  if (written.length > 0) await guard.after(connection, written);
}

async function writeDerived(
  { derived = [] }: StoreState,
  connection: Connection,
  steps: readonly Step[],
): Promise<void> {
  for (const { types, write } of derived) {
    const own = steps.filter(({ change }) => types.includes(change.type));
    if (own.length === 0) continue;
    await write(
      connection,
      own.map(({ rid, change: { type, id, resource } }) => ({ rid, type, id, resource })),
    );
  }
}

type Planned = Step[] | { readonly error: unknown } | 'busy';

/** Index rows go by the search parameters that this process knows; when there are others by now, it learns of them. */
async function writeByRules(state: StoreState, connection: Connection, steps: Step[], now: number): Promise<void> {
  try {
    await writeSteps(state, connection, steps, now, await state.parameters.loaded());
  } catch (error) {
    if (error instanceof OldRules) await state.parameters.refresh();
    throw error;
  }
}

/** Puts a failure in the place of units that refer to what is not there. */
async function refuseDangling(policy: ReferencePolicy, connection: Connection, planned: Planned[]): Promise<void> {
  const written = planned.map((steps) => (Array.isArray(steps) ? steps.filter(isWritten) : []));
  for (const [index, failure] of (await findDangling(policy, connection, written)).entries()) {
    if (failure) planned[index] = { error: failure };
  }
}

function refuseRepeated(changes: readonly Change[]): void {
  if (changes.length < 2) return;
  const names = new Set<string>();
  for (const { type, id } of changes) {
    const name = nameOf(type, id);
    if (names.has(name)) throw new Failure('invalid', `${name} is written twice in one transaction; send it once.`);
    names.add(name);
  }
}

/** The current versions, locked, by name; and the names of those that others hold, when these are left out. */
async function lockAndFind(
  connection: Connection,
  changes: readonly Change[],
  skipBusy: boolean,
): Promise<{ current: Map<string, StoredRow>; busy: ReadonlySet<string> }> {
  const existing = changes.filter(({ isNew }) => !isNew);
  if (existing.length === 0) return { current: new Map(), busy: new Set() };
  const rows = await lockResources(connection, ...nameColumns(existing), {
    skipLocked: skipBusy,
    forDeletion: existing.some((change) => change.method === method.delete),
  });
  const current = new Map(rows.map((row) => [nameOf(resourceTypeOfNumber(row.type) ?? '', row.id), row]));
  const missing = skipBusy ? existing.filter(({ type, id }) => !current.has(nameOf(type, id))) : [];
  if (missing.length === 0) return { current, busy: new Set() };
  const held = await selectRids(connection, ...nameColumns(missing));
  return { current, busy: new Set(held.map(({ type, id }) => nameOf(resourceTypeOfNumber(type) ?? '', id))) };
}

function nameColumns(changes: readonly { type: string; id: string }[]): [TextColumn, Int2Column] {
  const columns: [TextColumn, Int2Column] = [new TextColumn(), new Int2Column()];
  for (const { type, id } of changes) {
    columns[0].push(id);
    columns[1].push(resourceTypeNumber(type));
  }
  return columns;
}

async function writeSteps(
  state: StoreState,
  connection: Connection,
  steps: Step[],
  now: number,
  rules: IndexRules,
): Promise<void> {
  const rows = new IndexRows(state.dictionary, normaliseString);
  const known = new Map<string, number>();
  const breathe = createBreath();
  for (const { change, rid } of steps) {
    await breathe();
    known.set(nameOf(change.type, change.id), rid);
    if (change.resource === undefined) continue;
    rows.begin(rid);
    rules.index(change.resource, rows);
    rows.noteWords(change.resource, state.textSearch ?? 'narrative');
  }
  const names = rows.targetNames();
  const targets = await state.targets.resolve(connection, names, known);
  const placeholders = await drawPlaceholders(state, names, targets, now);
  await state.dictionary.flush(state.sidePool);
  const replaced = steps.filter(({ current }) => current !== undefined);
  const oldTokens = replaced.length > 0 ? indexCurrent(state, replaced, rules) : [];
  if (replaced.length > 0) {
    const removed = withoutTokens(oldTokens, rows.tokens);
    await replaceVersions(connection, versionColumns(replaced), keyColumns(removed));
  }
  const added = [...steps.filter(({ current }) => current === undefined).map(newResource), ...placeholders];
  const tokens = withoutTokens(rows.tokens, oldTokens);
  const ridOfName = (name: string) => known.get(name) ?? targets.get(name) ?? 0;
  const columns = rowColumns(added.sort(byIdAndType), rows, tokens, ridOfName, state.dictionary);
  await insertRows(connection, columns, writtenColumns(steps), rules);
  await saveIssues(state, connection, steps);
  state.onWritten?.();
}

async function saveIssues({ issues }: StoreState, connection: Connection, steps: readonly Step[]): Promise<void> {
  const faulty = steps.flatMap(({ rid, outcome }) =>
    outcome.issues ? [{ rid, version: outcome.version, issues: outcome.issues }] : [],
  );
  if (faulty.length > 0) await issues?.save(connection, faulty);
}

function writtenColumns(steps: Step[]): WrittenColumns {
  const columns: WrittenColumns = [new Int8Column(), new Int4Column()];
  for (const { rid, outcome } of steps) {
    columns[0].push(rid);
    columns[1].push(outcome.version);
  }
  return columns;
}

/** New rows in the order in which every transaction inserts them, so that two of them wait instead of deadlocking. */
function byIdAndType(left: NewResource, right: NewResource): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : left.type - right.type;
}

/** A reference to what does not exist (yet) gets a placeholder, so that it is found once the target is written. */
export async function drawPlaceholders(
  state: StoreState,
  names: string[],
  targets: Map<string, number>,
  now: number,
): Promise<NewResource[]> {
  const missing = [...new Set(names)].filter((name) => !targets.has(name));
  if (missing.length === 0) return [];
  const numbers = await state.numbers.draw(state.sidePool, missing.length);
  return missing.map((name, index) => {
    const { type, id } = splitName(name);
    const rid = ridOf(type, numbers[index] ?? 0);
    targets.set(name, rid);
    const number = resourceTypeNumber(type);
    return { rid, updated: now, version: 0, type: number, method: method.placeholder, id, content: undefined };
  });
}

/** The token rows of the versions that are about to be replaced, extracted again from their content. */
function indexCurrent(state: StoreState, steps: Step[], rules: IndexRules): TokenRow[] {
  const rows = new IndexRows(state.dictionary, normaliseString);
  rows.composites.isStored = true;
  for (const { current, rid } of steps) {
    if (!current?.content) continue;
    rows.begin(rid);
    rules.indexStored(JSON.parse(current.content) as JsonObject, rows);
  }
  return rows.tokens;
}

const newResource = ({ change, outcome, rid }: Step): NewResource => ({
  rid,
  updated: outcome.updated,
  version: outcome.version,
  type: resourceTypeNumber(change.type),
  method: change.method,
  id: change.id,
  content: outcome.content,
});

function versionColumns(steps: Step[]): VersionColumns {
  const columns: VersionColumns = [
    new Int8Column(),
    new Int8Column(),
    new Int4Column(),
    new Int2Column(),
    new TextColumn(),
  ];
  for (const { change, outcome, rid } of steps) {
    columns[0].push(rid);
    columns[1].push(outcome.updated);
    columns[2].push(outcome.version);
    columns[3].push(change.method);
    if (outcome.content === undefined) columns[4].pushNull();
    else columns[4].push(outcome.content);
  }
  return columns;
}
