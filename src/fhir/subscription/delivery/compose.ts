import { selectVersions } from '../../changes/index.ts';
import { type Connection, method, nameOf, typeOfRid } from '../../store/index.ts';
import type { Definition } from '../definition.ts';
import { type NotificationType, type NotifiedEvent, printNotification } from '../notification.ts';
import type { Owners } from '../owners.ts';
import { type EventRow, markAnswered, type SubscriptionRow, selectEvents, selectLetters } from '../queries.ts';
import type { Message } from './post.ts';

/** A message with the events that it tells of. */
export interface Composed {
  /** Undefined when there is nothing to send for these events: what they tell of was expunged. */
  readonly message: Message | undefined;
  readonly numbers: readonly number[];
  /** They were sent before, and are sent once more. */
  readonly isResend: boolean;
}

/** A Bundle grows to about this size, and by one resource more. */
const mostBytes = 4 * 1024 * 1024;

/** What a subscription is to be sent next; undefined when it has got everything. */
export async function composeNext(
  connection: Connection,
  baseUrl: string,
  row: SubscriptionRow,
  definition: Definition,
  owners: Owners,
): Promise<Composed | undefined> {
  // After a failure, one event at a time shows whether it is the receiver that is wrong, or the event.
  const limit = row.attempts > 0 ? 1 : limitOf(definition);
  const isAsked = row.asked > row.answered;
  const letters = isAsked ? await selectLetters(connection, row.rid, 0, limit, true) : [];
  if (isAsked && letters.length === 0) await markAnswered(connection, row.rid, row.asked);
  const events = letters.length > 0 ? letters : await selectEvents(connection, row.rid, row.sent, row.issued, limit);
  if (events.length === 0) return undefined;
  const notified = withinBytes(definition, await readVersions(connection, owners, row.rid, events));
  return {
    message: compose(baseUrl, row, definition, notified),
    numbers: notified.map(({ event }) => event.number),
    isResend: letters.length > 0,
  };
}

/** A plain R4 subscription with payload is sent one resource at a time. */
const limitOf = ({ topic, payload, maxCount }: Definition): number => (!topic && payload !== undefined ? 1 : maxCount);

/** What events tell of, as far as the owner of the subscription may read it now. */
export async function readVersions(
  connection: Connection,
  owners: Owners,
  subscription: number,
  events: readonly EventRow[],
): Promise<NotifiedEvent[]> {
  const readable = await owners.readable(
    connection,
    subscription,
    events.map(({ rid }) => rid),
  );
  const rows = await selectVersions(
    connection,
    events.map(({ rid }) => rid),
    events.map(({ version }) => version),
  );
  const byName = new Map(rows.map((row) => [`${row.rid} ${row.version}`, row]));
  return events.map((event) => ({
    event,
    version: readable.has(event.rid) ? byName.get(`${event.rid} ${event.version}`) : undefined,
  }));
}

function withinBytes({ content }: Definition, events: readonly NotifiedEvent[]): readonly NotifiedEvent[] {
  if (content !== 'full-resource') return events;
  let bytes = 0;
  const end = events.findIndex(({ version }) => {
    bytes += version?.content?.length ?? 0;
    return bytes > mostBytes;
  });
  return end < 0 ? events : events.slice(0, end + 1);
}

function compose(
  baseUrl: string,
  row: SubscriptionRow,
  definition: Definition,
  events: readonly NotifiedEvent[],
): Message | undefined {
  if (definition.topic) return composeBundle('event-notification', baseUrl, row, definition, events);
  const { endpoint, headers, timeoutMs, payload } = definition;
  const message = { headers, timeoutMs, contentType: payload ?? '' };
  if (payload === undefined) return { ...message, url: endpoint, method: 'POST', body: undefined };
  const version = events[0]?.version;
  if (!version || version.content === null || version.method === method.delete) return undefined;
  // https://hl7.org/fhir/R4/subscription.html#rest-hook: the endpoint is a base, at which the resource is updated.
  const name = nameOf(typeOfRid(version.rid) ?? '', version.id);
  return { ...message, url: `${endpoint.replace(/\/$/, '')}/${name}`, method: 'PUT', body: version.content };
}

/** A notification of a topic-based subscription. */
export function composeBundle(
  type: NotificationType,
  baseUrl: string,
  row: SubscriptionRow,
  definition: Definition,
  events: readonly NotifiedEvent[] = [],
): Message {
  const { endpoint, headers, timeoutMs, payload, content } = definition;
  const body = printNotification({
    type,
    baseUrl,
    subscriptionId: row.id,
    criteria: definition.topic?.url ?? '',
    status: row.status,
    issued: row.issued,
    content,
    events,
  });
  return { url: endpoint, method: 'POST', headers, body, contentType: payload ?? 'application/fhir+json', timeoutMs };
}
