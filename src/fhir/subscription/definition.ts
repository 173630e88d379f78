import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, numberText } from '#lib/json/index.ts';
import type { Condition } from '../search/condition.ts';
import { all } from '../search/condition.ts';
import type { Search } from '../search/index.ts';
import { checkEndpoint, type EndpointRules } from './delivery/endpoint-rules.ts';
import { parseHeaders } from './delivery/headers.ts';
import type { Topic } from './topic.ts';
import { parseWatch, type Watch } from './watch.ts';

export type PayloadContent = 'empty' | 'id-only' | 'full-resource';

/** A Subscription as it is carried out: https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/ or plain R4. */
export interface Definition {
  readonly topic: Topic | undefined;
  /** Of the changed resource, by its type; a type without filter passes. */
  readonly filters: ReadonlyMap<string, Condition>;
  /** Without a topic: what is watched. */
  readonly watch: Watch | undefined;
  readonly channel: 'rest-hook' | 'websocket';
  readonly endpoint: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Plain R4: undefined for no payload at all. */
  readonly payload: string | undefined;
  readonly content: PayloadContent;
  readonly heartbeatMs: number | undefined;
  readonly timeoutMs: number;
  readonly maxCount: number;
  /** Milliseconds since 1970 UTC. */
  readonly end: number | undefined;
}

export interface DefinitionDependencies {
  search: Search;
  topics: ReadonlyMap<string, Topic>;
  rules: EndpointRules;
}

const base = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';
export const extensionUrls = {
  filter: `${base}/backport-filter-criteria`,
  content: `${base}/backport-payload-content`,
  heartbeat: `${base}/backport-heartbeat-period`,
  timeout: `${base}/backport-timeout`,
  maxCount: `${base}/backport-max-count`,
} as const;

const object = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Values of the extensions with a url, in their order. */
function extensions(element: JsonValue | undefined, url: string): JsonValue[] {
  const { extension } = object(element);
  if (!Array.isArray(extension)) return [];
  return extension.flatMap((item) => {
    if (!isJsonObject(item) || item.url !== url) return [];
    const name = Object.keys(item).find((key) => key.startsWith('value'));
    const value = name === undefined ? undefined : item[name];
    return value === undefined ? [] : [value];
  });
}

function wholeNumber(name: string, value: JsonValue | undefined, most: number): number | undefined {
  if (value === undefined) return undefined;
  const digits = value === null || Array.isArray(value) ? undefined : (numberText(value) ?? String(value));
  if (digits !== undefined && /^\d{1,9}$/.test(digits) && Number(digits) >= 1 && Number(digits) <= most) {
    return Number(digits);
  }
  throw new Failure('value', `${name} must be a whole number from 1 to ${most}.`);
}

const mostTimeoutSeconds = 60;
const defaultTimeoutMs = 15_000;
const mostEvents = 1000;
const defaultEvents = 100;
const daySeconds = 86_400;

/** Fails, and says why, when the server cannot do what the Subscription asks for. */
export async function parseDefinition(resource: JsonObject, deps: DefinitionDependencies): Promise<Definition> {
  const channel = object(resource.channel);
  const { type } = channel;
  if (type !== 'rest-hook' && type !== 'websocket') {
    throw new Failure(
      'not-supported',
      `The channel must be rest-hook or websocket, not "${String(type).slice(0, 50)}".`,
    );
  }
  const endpoint = text(channel.endpoint) ?? '';
  if (type === 'rest-hook') checkEndpoint(endpoint, deps.rules);
  const [heartbeat] = extensions(channel, extensionUrls.heartbeat);
  const [timeout] = extensions(channel, extensionUrls.timeout);
  const [maxCount] = extensions(channel, extensionUrls.maxCount);
  const heartbeatSeconds = wholeNumber('The heartbeat period', heartbeat, daySeconds);
  const timeoutSeconds = wholeNumber('The timeout', timeout, mostTimeoutSeconds);
  const end = text(resource.end);
  return {
    ...(await parseCriteria(resource, deps)),
    channel: type,
    endpoint,
    headers: parseHeaders(channel.header),
    payload: parsePayload(channel),
    content: parseContent(channel),
    heartbeatMs: heartbeatSeconds === undefined ? undefined : heartbeatSeconds * 1000,
    timeoutMs: timeoutSeconds === undefined ? defaultTimeoutMs : timeoutSeconds * 1000,
    maxCount: wholeNumber('The max count', maxCount, mostEvents) ?? defaultEvents,
    end: end === undefined ? undefined : Date.parse(end),
  };
}

/** What is sent says that it is JSON, so that nothing else can be promised. */
function parsePayload(channel: JsonObject): string | undefined {
  const payload = text(channel.payload);
  if (payload === undefined || /^application\/(fhir\+)?json(\s*;.*)?$/i.test(payload)) return payload;
  throw new Failure('value', 'channel.payload must be application/fhir+json, or be left out.');
}

function parseContent(channel: JsonObject): PayloadContent {
  const [content = 'empty'] = extensions(channel._payload, extensionUrls.content);
  if (content === 'empty' || content === 'id-only' || content === 'full-resource') return content;
  throw new Failure('value', 'The payload content must be empty, id-only or full-resource.');
}

const isCanonical = (criteria: string): boolean => /^(https?:|urn:)/i.test(criteria);

async function parseCriteria(
  resource: JsonObject,
  { search, topics }: DefinitionDependencies,
): Promise<Pick<Definition, 'topic' | 'filters' | 'watch'>> {
  const criteria = text(resource.criteria) ?? '';
  const filters = extensions(resource._criteria, extensionUrls.filter);
  if (!isCanonical(criteria)) {
    if (filters.length > 0)
      throw new Failure('value', 'A criteria without a topic says all itself: leave the filters out.');
    return { topic: undefined, filters: new Map(), watch: await parseWatch(criteria, search) };
  }
  const topic = topics.get(criteria.replace(/\|[^|]*$/, ''));
  if (!topic) {
    throw new Failure(
      'value',
      `The topic ${criteria.slice(0, 200)} is not known here: see Basic?code=SubscriptionTopic.`,
    );
  }
  const conditions = new Map<string, Condition[]>();
  for (const filter of filters) {
    const watch = await parseTopicFilter(text(filter) ?? '', topic, search);
    conditions.set(watch.type, [...(conditions.get(watch.type) ?? []), watch.condition]);
  }
  return { topic, filters: new Map([...conditions].map(([type, parts]) => [type, all(parts)])), watch: undefined };
}

async function parseTopicFilter(written: string, topic: Topic, search: Search): Promise<Watch> {
  const types = [...new Set(topic.triggers.map(({ resource }) => resource))];
  const isBare = !written.includes('?');
  const watch = await parseWatch(written, search, isBare ? types[0] : undefined);
  if (!types.includes(watch.type)) {
    throw new Failure('value', `The topic ${topic.url} is about ${types.join(', ')}, not about ${watch.type}.`);
  }
  for (const [name, value] of watch.parameters) requireFilter(topic, watch.type, name, value);
  return watch;
}

const comparator = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[\d-])/;

function requireFilter({ url, filters }: Topic, type: string, name: string, value: string): void {
  const [parameter = '', modifier] = name.split(':');
  const allowed = filters.filter((filter) => filter.parameter === parameter && (filter.resource ?? type) === type);
  if (allowed.length === 0) {
    const names = filters.map((filter) => filter.parameter).join(', ');
    throw new Failure('value', `The topic ${url} cannot be filtered by ${parameter}${names && `, only by ${names}`}.`);
  }
  const prefix = comparator.exec(value)?.[1];
  const fits = allowed.some(
    ({ modifiers, comparators }) =>
      (modifier === undefined || !modifiers || modifiers.includes(modifier)) &&
      (prefix === undefined || prefix === 'eq' || !comparators || comparators.includes(prefix)),
  );
  if (!fits) throw new Failure('value', `The topic ${url} does not take the filter ${name}=${value.slice(0, 100)}.`);
}
