import { Failure } from '#lib/failure.ts';
import { parseAgent, parseEntities } from '../event.ts';
import type { Connection } from '../queries.ts';
import { type EventQuery, readEvents } from './events.ts';
import type { EventPlace, ReadEvent } from './queries.ts';

/** What somebody did with a record on a day, for one purpose. */
export interface Access {
  agent: { reference: string; display: string; role: string; organization: string | undefined };
  /** Code of v3-ActReason. */
  purpose: string;
  isRefused: boolean;
  isChange: boolean;
  /** Resource types, those most looked at first. */
  types: string[];
  count: number;
  /** Microseconds since 1970 UTC. */
  first: number;
  last: number;
  /** The number of the newest event: what a question refers to. */
  event: number;
}

export interface DayOfAccesses {
  /** In the zone asked for: `2026-11-25` */
  day: string;
  accesses: Access[];
}

export interface AccessPage {
  days: DayOfAccesses[];
  next: EventPlace | undefined;
}

const eventsAtOnce = 1000;

/** Who did what with a record, day by day, the newest first. */
export async function readAccesses(
  connection: Connection,
  query: Omit<EventQuery, 'count'> & { patient: string },
  zone: string,
  now: number,
): Promise<AccessPage> {
  const { events, next } = await readEvents(connection, { ...query, count: eventsAtOnce }, now);
  const dayOf = createDayOf(zone);
  const days = new Map<string, ReadEvent[]>();
  for (const event of events) {
    const day = dayOf(event.at);
    const own = days.get(day);
    if (own) own.push(event);
    else days.set(day, [event]);
  }
  const list = [...days];
  // A day that goes on on the next page is told there as a whole, unless it is the only one.
  const whole = next && list.length > 1 ? list.slice(0, -1) : list;
  const last = whole.at(-1)?.[1].at(-1);
  return {
    days: whole.map(([day, own]) => ({ day, accesses: groupEvents(own) })),
    next: next && last ? { at: last.at, number: last.number } : undefined,
  };
}

function createDayOf(timeZone: string): (at: number) => string {
  try {
    // Swedish dates are ISO 8601.
    const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' });
    return (at) => format.format(at / 1000);
  } catch {
    throw new Failure('value', `"${timeZone.slice(0, 64)}" is no time zone: use a name such as Asia/Shanghai.`);
  }
}

/** Stands among the types for the account with which somebody signs in, which is no resource. */
const signIn = 'Account of sign-in';

interface Group extends Access {
  counts: Map<string, number>;
}

function groupEvents(events: readonly ReadEvent[]): Access[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    const { reference, display, role, organization, purpose } = event.agent
      ? parseAgent(event.agent)
      : { reference: '', display: '', role: '', organization: undefined, purpose: '' };
    const isRefused = event.outcome !== '0';
    const key = JSON.stringify([reference, role, organization, purpose, isRefused]);
    const agent = { reference, display, role, organization };
    const group: Group = groups.get(key) ?? {
      agent,
      purpose,
      isRefused,
      isChange: false,
      types: [],
      count: 0,
      first: event.at,
      last: event.at,
      event: event.number,
      counts: new Map(),
    };
    groups.set(key, group);
    group.count++;
    group.first = Math.min(group.first, event.at);
    const isOfAccount = event.interaction.startsWith('account.');
    group.isChange ||= isOfAccount || /[CUD]/.test(event.action);
    const types = isOfAccount ? [signIn] : parseEntities(event.entities).map(({ type }) => type);
    for (const type of types) group.counts.set(type, (group.counts.get(type) ?? 0) + 1);
  }
  return [...groups.values()].map(({ counts, ...access }) => ({
    ...access,
    types: [...counts].sort(([, left], [, right]) => right - left).map(([type]) => type),
  }));
}
