import type { Pool } from '#lib/postgres/pool.ts';
import { trimChanges } from '../changes/index.ts';
import type { Operation } from '../rest/index.ts';
import type { Search } from '../search/index.ts';
import { method, type Store } from '../store/index.ts';
import type { DefinitionDependencies } from './definition.ts';
import { Definitions } from './definitions.ts';
import { Deliverer } from './delivery/deliverer.ts';
import type { EndpointRules } from './delivery/endpoint-rules.ts';
import { createSender } from './delivery/post.ts';
import { type RetryRules, retryRules } from './delivery/retry.ts';
import { Listener } from './listener.ts';
import { Loop } from './loop.ts';
import { Matcher } from './matching/match-changes.ts';
import { createSubscriptionOperations } from './operations/index.ts';
import { deleteOldEvents } from './queries.ts';
import { Sockets } from './socket/sockets.ts';
import type { Topic } from './topic.ts';
import { topicToBasic } from './topic-basic.ts';
import { readTopics } from './topic-files.ts';
import { createWriteStatus } from './write-status.ts';

export interface SubscriptionDependencies {
  pool: Pool;
  store: Store;
  search: Search;
  baseUrl: string;
  now: () => number;
}

export interface SubscriptionOptions {
  /** Of files with topics. */
  topicsFolder: string;
  rules: EndpointRules;
  retry?: RetryRules;
  /** How often each process looks for changes that nobody told it of. */
  pollMs?: number;
  /** How long after its process has died a subscription is taken over. */
  leaseMs?: number;
  concurrency?: number;
  /** How long the log of changes, and events, are kept. */
  changeDays?: number;
  eventDays?: number;
  log?: (event: string, details: Record<string, unknown>) => void;
}

export interface Subscriptions {
  operations: Operation[];
  sockets: Sockets;
  /** To be called when versions were written here. */
  onWritten(): void;
  /** Begins to match and to deliver. */
  start(): Promise<void>;
  /** Lets messages under way end; others go on elsewhere. */
  stop(): Promise<void>;
}

/** By then, the transaction that has just written has most likely committed; if not, polling finds what it did. */
const commitMs = 15;
/** Until the process that is matching now has come to what this one wrote. */
const busyMs = 40;
const trimMs = 3_600_000;
const trimmedAtOnce = 10_000;

/** Puts the subscriptions together, from the bottom up; see docs/adr/0014. */
export function createSubscriptions(deps: SubscriptionDependencies, options: SubscriptionOptions): Subscriptions {
  const { pool, store, search, baseUrl, now } = deps;
  const { rules, topicsFolder, retry = retryRules, pollMs = 500, leaseMs = 5000, concurrency = 32 } = options;
  const { changeDays = 7, eventDays = 30, log = () => {} } = options;
  const topics = new Map<string, Topic>();
  const parsing: DefinitionDependencies = { search, topics, rules };
  const definitions = new Definitions(pool, parsing);
  const definitionOf = definitions.of.bind(definitions);
  const onError = (error: Error) => log('subscription.unreachable', { reason: error.message });

  const sockets = new Sockets({ pool, baseUrl, now, definitionOf });
  const serving = new Loop(
    async () => {
      await sockets.step();
      return pollMs;
    },
    pollMs,
    onError,
  );
  const delivery = { pool, baseUrl, retry, now, log, definitionOf, writeStatus: createWriteStatus(pool, store) };
  const sender = createSender(rules);
  const deliverer = new Deliverer({ ...delivery, post: sender.post }, { concurrency, leaseMs }, () =>
    delivering.look(),
  );
  const delivering = new Loop(
    async () => {
      await deliverer.step();
      return pollMs;
    },
    pollMs,
    onError,
  );
  const onEvents = () => {
    delivering.look();
    serving.look();
  };
  const matcher = new Matcher({ ...parsing, pool, now, log });
  const matching = new Loop(
    async () => {
      const outcome = await matcher.step();
      if (outcome.state === 'idle') return pollMs;
      if (outcome.state === 'busy') return busyMs;
      if (outcome.hasWork) onEvents();
      return outcome.isMore ? 0 : busyMs;
    },
    pollMs,
    onError,
  );
  const trimming = new Loop(
    async () => {
      await trimChanges(pool, changeDays);
      const deleted = await deleteOldEvents(pool, eventDays, trimmedAtOnce);
      return deleted === trimmedAtOnce ? 0 : trimMs;
    },
    trimMs,
    onError,
  );
  const loops = [matching, delivering, serving, trimming];
  const listener = new Listener(pool, onEvents);
  let timer: NodeJS.Timeout | undefined;

  return {
    operations: createSubscriptionOperations({ pool, baseUrl, now, definitionOf }),
    sockets,
    onWritten: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        matching.look();
      }, commitMs);
    },
    start: async () => {
      for (const [url, topic] of await readTopics(topicsFolder, search)) topics.set(url, topic);
      await storeTopics(store, topics);
      await listener.start();
      for (const loop of loops) loop.look();
    },
    stop: async () => {
      clearTimeout(timer);
      listener.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
      sockets.closeAll();
      await deliverer.stop();
      sender.close();
    },
  };
}

/** Clients find topics by `Basic?code=http://hl7.org/fhir/fhir-types|SubscriptionTopic`. */
async function storeTopics(store: Store, topics: ReadonlyMap<string, Topic>): Promise<void> {
  const changes = [...topics.values()].map((topic) => {
    const id = `topic-${String(topic.source.id)}`;
    return { type: 'Basic', id, method: method.put, resource: topicToBasic(topic, id) };
  });
  if (changes.length > 0) await store.commit(changes);
}
