import { FailedCondition, Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { Int2Column, Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { resourceTypeNumber, resourceTypeOfNumber } from '../definitions/index.ts';
import { indexResource, normaliseString } from '../indexing/index.ts';
import type { Change, Outcome } from './change.ts';
import { keyColumns, type NewResource, rowColumns, withoutTokens } from './columns.ts';
import { printContent } from './content.ts';
import { IndexRows } from './index-rows.ts';
import { method } from './method.ts';
import {
  type Connection,
  insertRows,
  lockResources,
  replaceVersions,
  type StoredRow,
  type VersionColumns,
} from './queries.ts';
import { nameOf, ridOf } from './rid.ts';
import type { TokenRow } from './rows.ts';
import type { StoreState } from './state.ts';
import { splitName } from './targets.ts';

/** A change together with what is stored now and what will be. */
interface Step {
  change: Change;
  outcome: Outcome;
  rid: number;
  current: StoredRow | undefined;
}

/** See Store.write. */
export async function writeChanges(
  state: StoreState,
  connection: Connection,
  changes: readonly Change[],
): Promise<Outcome[]> {
  refuseRepeated(changes);
  const current = await lockCurrent(connection, changes);
  const now = state.now() * 1000;
  const numbers = await state.numbers.draw(state.sidePool, changes.length - current.size);
  const steps = changes.map((change) => planStep(change, current.get(nameOf(change.type, change.id)), now, numbers));
  const writing = steps.filter(({ outcome }) => outcome.status !== 'unchanged' && outcome.status !== 'absent');
  if (writing.length > 0) await writeSteps(state, connection, writing, now);
  return steps.map(({ outcome }) => outcome);
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

async function lockCurrent(connection: Connection, changes: readonly Change[]): Promise<Map<string, StoredRow>> {
  const ids = new TextColumn();
  const types = new Int2Column();
  for (const { type, id, isNew } of changes) {
    if (isNew) continue;
    ids.push(id);
    types.push(resourceTypeNumber(type));
  }
  if (ids.count === 0) return new Map();
  const rows = await lockResources(connection, ids, types);
  return new Map(rows.map((row) => [nameOf(resourceTypeOfNumber(row.type) ?? '', row.id), row]));
}

function planStep(change: Change, current: StoredRow | undefined, now: number, numbers: number[]): Step {
  const { type, id, resource } = change;
  const isLive = current !== undefined && current.method !== method.placeholder && current.method !== method.delete;
  checkExpectedVersion(change, current);
  const absent = {
    status: 'absent' as const,
    type,
    id,
    version: current?.version ?? 0,
    updated: 0,
    content: undefined,
  };
  if (resource === undefined && !isLive) return { change, outcome: absent, rid: 0, current };
  const version = (current?.version ?? 0) + 1;
  const updated = current ? Math.max(now, current.updated + 1000) : now;
  const rid = current?.rid ?? ridOf(type, numbers.shift() ?? 0);
  if (resource === undefined) {
    return { change, rid, current, outcome: { ...absent, status: 'deleted', version, updated } };
  }
  if (isLive && printContent(resource, id, current.version, current.updated) === current.content) {
    const { version, updated, content } = current;
    return { change, rid, current, outcome: { status: 'unchanged', type, id, version, updated, content } };
  }
  const content = printContent(resource, id, version, updated);
  return {
    change,
    rid,
    current,
    outcome: { status: isLive ? 'updated' : 'created', type, id, version, updated, content },
  };
}

function checkExpectedVersion({ type, id, expectedVersion }: Change, current: StoredRow | undefined): void {
  if (expectedVersion === undefined || expectedVersion === current?.version) return;
  throw new FailedCondition(
    current && current.method !== method.placeholder
      ? `${type}/${id} is at version ${current.version}, not ${expectedVersion}. Read it again and repeat the change.`
      : `${type}/${id} does not exist, so that no version can be matched.`,
  );
}

async function writeSteps(state: StoreState, connection: Connection, steps: Step[], now: number): Promise<void> {
  const rows = new IndexRows(state.dictionary, normaliseString);
  const known = new Map<string, number>();
  for (const { change, rid } of steps) {
    known.set(nameOf(change.type, change.id), rid);
    if (change.resource === undefined) continue;
    rows.begin(rid);
    indexResource(change.resource, rows);
  }
  const names = rows.references.map(({ target }) => target);
  const targets = await state.targets.resolve(connection, names, known);
  const placeholders = await drawPlaceholders(state, names, targets, now);
  await state.dictionary.flush(state.sidePool);
  const replaced = steps.filter(({ current }) => current !== undefined);
  const oldTokens = replaced.length > 0 ? indexCurrent(state, replaced) : [];
  if (replaced.length > 0) {
    const removed = withoutTokens(oldTokens, rows.tokens);
    await replaceVersions(connection, versionColumns(replaced), keyColumns(removed));
  }
  const added = [...steps.filter(({ current }) => current === undefined).map(newResource), ...placeholders];
  const tokens = withoutTokens(rows.tokens, oldTokens);
  const ridOfName = (name: string) => known.get(name) ?? targets.get(name) ?? 0;
  await insertRows(connection, rowColumns(added.sort(byIdAndType), rows, tokens, ridOfName, state.dictionary));
}

/** New rows in the order in which every transaction inserts them, so that two of them wait instead of deadlocking. */
function byIdAndType(left: NewResource, right: NewResource): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : left.type - right.type;
}

/** A reference to what does not exist (yet) gets a placeholder, so that it is found once the target is written. */
async function drawPlaceholders(
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
function indexCurrent(state: StoreState, steps: Step[]): TokenRow[] {
  const rows = new IndexRows(state.dictionary, normaliseString);
  for (const { current, rid } of steps) {
    if (!current?.content) continue;
    rows.begin(rid);
    indexResource(JSON.parse(current.content) as JsonObject, rows);
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
