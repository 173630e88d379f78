import { Failure } from '#lib/failure.ts';
import { hashReference } from '../event.ts';
import type { Connection } from '../queries.ts';
import { type EventPlace, type ReadEvent, selectOfAgent, selectOfPatient, selectOfSpan } from './queries.ts';

/** Whose events are wanted, the newest first. */
export interface EventQuery {
  patient?: string | undefined;
  /** `Practitioner/1` */
  agent?: string | undefined;
  notAgent?: string | undefined;
  interaction?: string | undefined;
  /** 0 done, 4 refused, 8 failed. */
  outcome?: string | undefined;
  /** Microseconds since 1970 UTC, half open. */
  low?: number | undefined;
  high?: number | undefined;
  /** From the page before. */
  cursor?: EventPlace | undefined;
  count: number;
}

export interface EventPage {
  events: ReadEvent[];
  /** Undefined at the end. */
  next: EventPlace | undefined;
}

const hour = 3600 * 1_000_000;
const day = 24 * hour;
/** Without an agent or a patient, all of the time asked for is read. */
const longestSpan = 31 * day;
const earliest = 0;

export async function readEvents(connection: Connection, query: EventQuery, now: number): Promise<EventPage> {
  const { patient, agent, notAgent, interaction, outcome, count } = query;
  const high = Math.min(query.high ?? now + day, now + day);
  const filter = {
    low: query.low ?? earliest,
    before: query.cursor ?? { at: high, number: -1 },
    who: agent === undefined ? undefined : hashReference(agent),
    notWho: notAgent === undefined ? undefined : hashReference(notAgent),
    interaction,
    outcome,
    limit: count + 1,
  };
  const events = await (patient !== undefined
    ? selectOfPatient(connection, patient, filter)
    : agent !== undefined
      ? selectOfAgent(connection, filter)
      : readSpan(connection, { ...filter, low: query.low ?? high - longestSpan }, high));
  const page = events.slice(0, count);
  const last = page.at(-1);
  return { events: page, next: events.length > count && last ? { at: last.at, number: last.number } : undefined };
}

/** Goes back in time in ever longer steps, so that the newest events are found without reading all. */
async function readSpan(
  connection: Connection,
  filter: Parameters<typeof selectOfSpan>[1],
  high: number,
): Promise<ReadEvent[]> {
  if (high - filter.low > longestSpan) {
    throw new Failure('too-costly', 'Name an agent or a patient, or ask for 31 days at most.');
  }
  const events: ReadEvent[] = [];
  let { before } = filter;
  for (let step = hour; before.at > filter.low && events.length < filter.limit; step *= 8) {
    const low = Math.max(filter.low, before.at - step);
    events.push(...(await selectOfSpan(connection, { ...filter, low, before, limit: filter.limit - events.length })));
    before = { at: low, number: -1 };
  }
  return events;
}

export const printPlace = ({ at, number }: EventPlace): string => `${at}-${number}`;

export function parsePlace(text: string): EventPlace {
  const [, at, number] = /^(\d{1,16})-(\d{1,16})$/.exec(text) ?? [];
  if (at === undefined || number === undefined) {
    throw new Failure('value', '_cursor must come from the link of an earlier page.');
  }
  return { at: Number(at), number: Number(number) };
}
