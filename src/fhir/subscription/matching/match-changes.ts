import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import {
  type ChangeRow,
  type Changes,
  currentPosition,
  type HeldReader,
  holdReader,
  positionOf,
  readChanges,
  selectVersions,
  type VersionRow,
} from '../../changes/index.ts';
import type { ParameterBook } from '../../search-parameters/index.ts';
import { method, ridRange, typeOfRid } from '../../store/index.ts';
import type { Definition, DefinitionDependencies } from '../definition.ts';
import type { Owners } from '../owners.ts';
import { insertEvents, type SubscriptionRow, selectGeneration, selectStored, selectWatching } from '../queries.ts';
import { readDefinition, register } from '../register.ts';
import { ResourceChange } from './change.ts';
import { EventList } from './event-list.ts';
import type { Index } from './resource-facts.ts';
import { WatchList } from './watch-list.ts';

export interface MatcherDependencies extends DefinitionDependencies {
  owners: Owners;
  pool: Pool;
  /** The search parameters that there are. */
  parameters: Pick<ParameterBook, 'fresh'>;
  now: () => number;
  log: (event: string, details: Record<string, unknown>) => void;
}

const readerName = 'subscriptions';
/** About so many changes are read in one transaction, and so many versions at a time. */
const changesAtOnce = 1000;
const versionsAtOnce = 200;

interface LoggedChange {
  rid: number;
  version: number;
  written: Date;
}

export type Outcome = { state: 'idle' } | { state: 'busy' } | { state: 'done'; isMore: boolean; hasWork: boolean };

/**
 * Reads the log of changes and notes for every subscription in force what it is told: one process at a time, in a
 * transaction that also keeps how far it has read, so that each change makes its events once.
 */
export class Matcher {
  readonly #deps: MatcherDependencies;
  readonly #definitions = new Map<number, { version: number; definition: Definition | undefined }>();
  #generation = -1;
  #hasRegistered = false;
  #isReading = false;
  #watching = new WatchList();

  constructor(deps: MatcherDependencies) {
    this.#deps = deps;
  }

  /** Goes through what is new; `busy` while another process does so. */
  async step(): Promise<Outcome> {
    const { pool } = this.#deps;
    if (!(await this.#hasNews())) return { state: 'idle' };
    let isCommitted = false;
    try {
      const outcome = await inTransaction(pool, async (transaction): Promise<Outcome> => {
        const reader = await holdReader(transaction, readerName);
        if (!reader) return { state: 'busy' };
        // An attempt that is repeated does not know which subscriptions the one before saw.
        if (this.#isReading) this.#generation = -1;
        this.#isReading = true;
        return this.#read(transaction, reader);
      });
      isCommitted = true;
      return outcome;
    } finally {
      this.#isReading = false;
      if (!isCommitted) this.#generation = -1;
    }
  }

  /** Without a transaction, since mostly there is nothing. */
  async #hasNews(): Promise<boolean> {
    const position = await positionOf(this.#deps.pool, readerName);
    if (!position || position.until) return true;
    try {
      return (await readChanges(this.#deps.pool, position, 1)).rows.length > 0;
    } catch (error) {
      if (error instanceof Failure) return true;
      throw error;
    }
  }

  async #read(transaction: Transaction, reader: HeldReader): Promise<Outcome> {
    const changes = reader.position && (await this.#readAfter(transaction, reader));
    if (!changes) {
      const position = await currentPosition(transaction);
      await this.#registerStored(transaction);
      await reader.move(position);
      return { state: 'done', isMore: true, hasWork: true };
    }
    this.#hasRegistered = false;
    await this.#refresh(transaction);
    const events = new EventList();
    for (const part of partsOf(changes.rows)) await this.#matchPart(transaction, part, events);
    if (events.count > 0) await insertEvents(transaction, events.columns);
    await reader.move(changes.position);
    return { state: 'done', isMore: changes.isMore, hasWork: this.#hasRegistered || events.count > 0 };
  }

  async #readAfter(transaction: Transaction, { position }: HeldReader): Promise<Changes | undefined> {
    try {
      return await readChanges(transaction, position, changesAtOnce);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // No server ran for as long as the log is kept: nothing can be told of what was deleted from it.
      this.#deps.log('subscription.missed-changes', { reason: error.message });
      return undefined;
    }
  }

  /** Subscriptions that were stored before the log was read for the first time. */
  async #registerStored(transaction: Transaction): Promise<void> {
    const { first, last } = ridRange('Subscription');
    for (let from = first; ; ) {
      const stored = await selectStored(transaction, from, last, versionsAtOnce);
      const part = stored.map(({ rid, version }) => ({ rid, version, written: new Date() }));
      await this.#registerPart(transaction, part, await loadVersions(transaction, part));
      const end = stored.at(-1)?.rid;
      if (end === undefined || stored.length < versionsAtOnce) return;
      from = end + 1;
    }
  }

  async #matchPart(transaction: Transaction, part: readonly LoggedChange[], events: EventList): Promise<void> {
    const isOfSubscriptions = part.some(({ rid }) => typeOfRid(rid) === 'Subscription');
    const wanted = part.filter(({ rid }) => isOfSubscriptions || this.#watching.watches(typeOfRid(rid) ?? ''));
    if (wanted.length === 0) return;
    const versions = await loadVersions(transaction, wanted);
    if (isOfSubscriptions) {
      await this.#registerPart(transaction, wanted, versions);
      await this.#refresh(transaction);
    }
    const { log, now, parameters } = this.#deps;
    const rules = await parameters.fresh();
    const index: Index = (resource, sink) => rules.index(resource, sink);
    const told = new Map<number, LoggedChange[]>();
    for (const logged of wanted) {
      const { rid, version } = logged;
      const after = versions.get(nameOf(rid, version));
      if (!after) {
        log('subscription.version-gone', { rid, version });
        continue;
      }
      const before = versions.get(nameOf(rid, version - 1));
      const change = new ResourceChange(typeOfRid(rid) ?? '', before && toVersion(before), toVersion(after), index);
      const subscriptions = this.#watching.find(change, now(), (subscription, error) =>
        log('subscription.undecided', { subscription, rid, version, reason: error.message }),
      );
      for (const subscription of subscriptions) told.set(subscription, [...(told.get(subscription) ?? []), logged]);
    }
    await this.#tell(transaction, told, events);
  }

  /** Of what its owner may not read, a subscription is not told, nor is it counted. */
  async #tell(
    transaction: Transaction,
    told: ReadonlyMap<number, readonly LoggedChange[]>,
    events: EventList,
  ): Promise<void> {
    for (const [subscription, changes] of told) {
      const rids = changes.map(({ rid }) => rid);
      const readable = await this.#deps.owners.readable(transaction, subscription, rids);
      for (const { rid, version, written } of changes) {
        if (readable.has(rid)) events.push(subscription, rid, version, written);
      }
    }
  }

  async #registerPart(
    transaction: Transaction,
    part: readonly LoggedChange[],
    versions: ReadonlyMap<string, VersionRow>,
  ): Promise<void> {
    for (const { rid, version } of part) {
      const row = versions.get(nameOf(rid, version));
      if (!row) continue;
      this.#hasRegistered = true;
      await register(transaction, { rid, id: row.id, version, ...toVersion(row) }, this.#deps);
    }
  }

  /** Reads the subscriptions in force again when they have changed. */
  async #refresh(transaction: Transaction): Promise<void> {
    const generation = await selectGeneration(transaction);
    if (generation === this.#generation) return;
    const rows = await selectWatching(transaction);
    const unknown = rows.filter(({ rid, version }) => this.#definitions.get(rid)?.version !== version);
    for (let from = 0; from < unknown.length; from += versionsAtOnce) {
      await this.#define(transaction, unknown.slice(from, from + versionsAtOnce));
    }
    const watching = new WatchList();
    for (const { rid } of rows) {
      const definition = this.#definitions.get(rid)?.definition;
      if (definition) watching.add(rid, definition);
    }
    const inForce = new Set(rows.map(({ rid }) => rid));
    for (const rid of this.#definitions.keys()) if (!inForce.has(rid)) this.#definitions.delete(rid);
    this.#watching = watching;
    this.#generation = generation;
  }

  async #define(transaction: Transaction, rows: readonly SubscriptionRow[]): Promise<void> {
    const found = await selectVersions(
      transaction,
      rows.map(({ rid }) => rid),
      rows.map(({ version }) => version),
    );
    for (const { rid, version, content } of found) {
      const resource = content === null ? undefined : (JSON.parse(content) as JsonObject);
      const definition = resource && (await readDefinition(resource, this.#deps)).definition;
      this.#definitions.set(rid, { version, definition });
    }
  }
}

const nameOf = (rid: number, version: number): string => `${rid} ${version}`;

const toVersion = ({
  method: how,
  content,
  updated,
}: VersionRow): { content: string | undefined; updated: number } => ({
  content: how === method.delete || content === null ? undefined : content,
  updated,
});

/** Parts of up to so many changes; Subscriptions are apart, because what follows them depends on them. */
function* partsOf(rows: readonly ChangeRow[]): Generator<LoggedChange[]> {
  let part: LoggedChange[] = [];
  let isOfSubscriptions = false;
  for (const { rids, versions, written } of rows) {
    for (const [index, rid] of rids.entries()) {
      const isSubscription = typeOfRid(rid) === 'Subscription';
      if (part.length > 0 && (part.length >= versionsAtOnce || isSubscription !== isOfSubscriptions)) {
        yield part;
        part = [];
      }
      isOfSubscriptions = isSubscription;
      part.push({ rid, version: versions[index] ?? 0, written });
    }
  }
  if (part.length > 0) yield part;
}

/** These versions and those before them, by rid and version. */
async function loadVersions(transaction: Transaction, part: readonly LoggedChange[]): Promise<Map<string, VersionRow>> {
  const rids: number[] = [];
  const versions: number[] = [];
  for (const { rid, version } of part) {
    rids.push(rid);
    versions.push(version);
    if (version < 2) continue;
    rids.push(rid);
    versions.push(version - 1);
  }
  const rows = await selectVersions(transaction, rids, versions);
  return new Map(rows.map((row) => [nameOf(row.rid, row.version), row]));
}
