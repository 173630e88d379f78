import type { Pool } from '#lib/postgres/pool.ts';
import { type Access, restrictionOf } from '../access/index.ts';
import type { Operation } from '../rest/index.ts';
import type { Search } from '../search/index.ts';
import type { ParameterBook } from '../search-parameters/index.ts';
import { method, type Store } from '../store/index.ts';
import type { DefinitionDependencies } from './definition.ts';
import { Definitions } from './definitions.ts';
import type { DeliveryDependencies } from './delivery/deliver.ts';
import type { EndpointRules } from './delivery/endpoint-rules.ts';
import { createSender } from './delivery/post.ts';
import { type RetryRules, retryRules } from './delivery/retry.ts';
import { Matcher } from './matching/match-changes.ts';
import { createSubscriptionOperations } from './operations/index.ts';
import { type OwnerDependencies, Owners } from './owners.ts';
import { Sockets } from './socket/sockets.ts';
import type { Topic } from './topic.ts';
import { topicToBasic } from './topic-basic.ts';
import { readTopics } from './topic-files.ts';
import { Work, type WorkOptions } from './work.ts';
import { createWriteStatus } from './write-status.ts';

export interface SubscriptionDependencies {
  pool: Pool;
  store: Store;
  search: Search;
  parameters: ParameterBook;
  baseUrl: string;
  now: () => number;
  /** What an actor may do now: subscriptions are told what their owners may read. */
  accessOf: OwnerDependencies['accessOf'];
}

export interface SubscriptionOptions extends WorkOptions {
  /** Of files with topics. */
  topicsFolder: string;
  rules: EndpointRules;
  retry?: RetryRules;
  log?: (event: string, details: Record<string, unknown>) => void;
}

export interface Subscriptions {
  operations: Operation[];
  sockets: Sockets;
  mayRead(access: Access, rid: number): Promise<boolean>;
  /** To be called in the transaction of writes. */
  owners: Owners;
  /** To be called when versions were written here. */
  onWritten(): void;
  /** Begins to match and to deliver. */
  start(): Promise<void>;
  /** Lets messages under way end; others go on elsewhere. */
  stop(): Promise<void>;
}

/** Puts the subscriptions together, from the bottom up; see docs/adr/0014. */
export function createSubscriptions(deps: SubscriptionDependencies, options: SubscriptionOptions): Subscriptions {
  const { pool, store, search, baseUrl, now } = deps;
  const { rules, topicsFolder, retry = retryRules, log = () => {} } = options;
  const topics = new Map<string, Topic>();
  const parsing: DefinitionDependencies = { search, topics, rules };
  const definitions = new Definitions(pool, parsing);
  const definitionOf = definitions.of.bind(definitions);
  const sender = createSender(rules);
  const owners = new Owners({ search, accessOf: deps.accessOf });
  const sockets = new Sockets({ pool, baseUrl, now, definitionOf, owners });
  const matcher = new Matcher({ ...parsing, owners, pool, parameters: deps.parameters, now, log });
  const delivery: DeliveryDependencies = {
    ...{ pool, baseUrl, retry, now, log, definitionOf, owners },
    post: sender.post,
    writeStatus: createWriteStatus(pool, store),
  };
  const work = new Work({ pool, sockets, matcher, delivery, options });
  return {
    operations: createSubscriptionOperations({ pool, baseUrl, now, definitionOf, owners }),
    owners,
    sockets,
    mayRead: async (access, rid) =>
      (await search.readable(pool, restrictionOf(access, 'read'), [{ rid, type: 'Subscription' }])).has(rid),
    onWritten: () => work.onWritten(),
    start: async () => {
      for (const [url, topic] of await readTopics(topicsFolder, search)) topics.set(url, topic);
      await storeTopics(store, topics);
      await work.start();
    },
    stop: async () => {
      await work.stop();
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
