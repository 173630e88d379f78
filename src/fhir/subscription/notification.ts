import { randomUUID } from 'node:crypto';
import type { VersionRow } from '../changes/index.ts';
import { method, nameOf, typeOfRid } from '../store/index.ts';
import type { PayloadContent } from './definition.ts';
import type { EventRow, Status } from './queries.ts';

export type NotificationType = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

/** An event with the version that it tells of; undefined when that was expunged. */
export interface NotifiedEvent {
  readonly event: EventRow;
  readonly version: VersionRow | undefined;
}

export interface Notification {
  readonly type: NotificationType;
  readonly baseUrl: string;
  readonly subscriptionId: string;
  /** Canonical of the topic, or the criteria of a plain Subscription. */
  readonly criteria: string;
  readonly status: Status;
  /** Number of the last event that there is. */
  readonly issued: number;
  readonly content: PayloadContent;
  readonly events?: readonly NotifiedEvent[];
  /** What is wrong, in words. */
  readonly failure?: string | undefined;
}

const profiles = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

/** JSON text with the resources spliced in as they are stored. */
export type Printed = string;

const referenceTo = (baseUrl: string, { event, version }: NotifiedEvent): string | undefined =>
  version && `${baseUrl}/${nameOf(typeOfRid(event.rid) ?? '', version.id)}`;

/**
 * SubscriptionStatus as Parameters, as the backport to R4 has it.
 * https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription-status-r4.html
 */
export function printStatus(notification: Notification): Printed {
  const { type, baseUrl, subscriptionId, criteria, status, issued, content, events = [], failure } = notification;
  const parameter: unknown[] = [
    { name: 'subscription', valueReference: { reference: `${baseUrl}/Subscription/${subscriptionId}` } },
    ...(/^(https?|urn):/i.test(criteria) ? [{ name: 'topic', valueCanonical: criteria }] : []),
    { name: 'status', valueCode: status },
    { name: 'type', valueCode: type },
    { name: 'eventsSinceSubscriptionStart', valueString: String(issued) },
  ];
  for (const notified of events) {
    const reference = content === 'empty' ? undefined : referenceTo(baseUrl, notified);
    const part: unknown[] = [
      { name: 'eventNumber', valueString: String(notified.event.number) },
      { name: 'timestamp', valueInstant: notified.event.written.toISOString() },
      ...(reference ? [{ name: 'focus', valueReference: { reference } }] : []),
    ];
    parameter.push({ name: 'notificationEvent', part });
  }
  if (failure !== undefined) parameter.push({ name: 'error', valueCodeableConcept: { text: failure } });
  return JSON.stringify({
    resourceType: 'Parameters',
    id: randomUUID(),
    meta: { profile: [`${profiles}/backport-subscription-status-r4`] },
    parameter,
  });
}

const verbs: Record<number, string> = {
  [method.post]: 'POST',
  [method.put]: 'PUT',
  [method.patch]: 'PATCH',
  [method.delete]: 'DELETE',
};

/** Bundle.entry of a changed resource: with its text for full-resource, without for id-only. */
function printFocus({ baseUrl, content }: Notification, notified: NotifiedEvent): Printed {
  const { version } = notified;
  const fullUrl = referenceTo(baseUrl, notified);
  if (!version || !fullUrl) return '';
  const verb = verbs[version.method] ?? 'PUT';
  const address = fullUrl.slice(baseUrl.length + 1);
  const request = { method: verb, url: verb === 'POST' ? address.replace(/\/.*/, '') : address };
  const status = verb === 'DELETE' ? '204' : version.version === 1 ? '201' : '200';
  const resource = content === 'full-resource' && version.content !== null ? `"resource":${version.content},` : '';
  return `{"fullUrl":${JSON.stringify(fullUrl)},${resource}"request":${JSON.stringify(request)},"response":{"status":"${status}"}}`;
}

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription-notification-r4.html */
export function printNotification(notification: Notification): Printed {
  const { baseUrl, subscriptionId, content, events = [] } = notification;
  const status = printStatus(notification);
  const request = { method: 'GET', url: `${baseUrl}/Subscription/${subscriptionId}/$status` };
  const entries = [
    `{"fullUrl":"urn:uuid:${randomUUID()}","resource":${status},"request":${JSON.stringify(request)},"response":{"status":"200"}}`,
    ...printFocuses(notification, content === 'empty' ? [] : events),
  ];
  const head = {
    resourceType: 'Bundle',
    id: randomUUID(),
    meta: { profile: [`${profiles}/backport-subscription-notification-r4`] },
    type: 'history',
    timestamp: new Date().toISOString(),
  };
  return `${JSON.stringify(head).slice(0, -1)},"entry":[${entries.join(',')}]}`;
}

/** A version stands in a Bundle once, though several events may tell of it. */
function printFocuses(notification: Notification, events: readonly NotifiedEvent[]): Printed[] {
  const seen = new Set<string>();
  return events.flatMap((notified) => {
    const name = `${notified.event.rid} ${notified.event.version}`;
    if (seen.has(name)) return [];
    seen.add(name);
    const printed = printFocus(notification, notified);
    return printed === '' ? [] : [printed];
  });
}
