import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../queries.ts';

/** Which events are asked for; the newest come first. */
export interface EventFilter {
  /** Microseconds since 1970 UTC: from `low` on, and before `before`. */
  low: number;
  before: EventPlace;
  /** Hashes of the agent's reference. */
  who?: bigint | undefined;
  notWho?: bigint | undefined;
  interaction?: string | undefined;
  outcome?: string | undefined;
  limit: number;
}

/** Events stand in the order of these two. */
export interface EventPlace {
  at: number;
  number: number;
}

export interface ReadEvent extends EventPlace {
  action: string;
  outcome: string;
  interaction: string;
  entities: string;
  patients: string;
  detail: string;
  /** Undefined where the agent's entry was removed. */
  agent: string | undefined;
}

const columns = 'e.number, e.at, e.action, e.outcome, e.interaction, e.entities, e.patients, e.detail, e.agent';
const newestFirst = 'order by e.at desc, e.number desc';

const filtered = `e.at >= $1::int8 and e.at <= $2::int8 and (e.at, e.number) < ($2::int8, $3::int8)
  and ($5::int8 is null or e.who <> $5::int8)
  and ($6::text is null or e.interaction = $6::text)
  and ($7::text is null or e.outcome = $7::text)`;

const withAgents = (events: string): string => `select ${columns}, a.content from (${events}) e
  left join audit.agent a on a.id = e.agent ${newestFirst}`;

const valuesOf = ({ low, before, who, notWho, interaction, outcome, limit }: EventFilter) => [
  low,
  before.at,
  before.number,
  who?.toString() ?? null,
  notWho?.toString() ?? null,
  interaction ?? null,
  outcome ?? null,
  limit,
];

const toEvent = (row: unknown[]): ReadEvent => {
  const [number, at, action, outcome, interaction, entities, patients, detail, , agent] = row as string[];
  return {
    number: Number(number),
    at: Number(at),
    action,
    outcome,
    interaction,
    entities,
    patients,
    detail,
    agent: agent ?? undefined,
  } as ReadEvent;
};

/** Events that concern a patient, alone or among others. */
export async function selectOfPatient(
  connection: Connection,
  patient: string,
  filter: EventFilter,
): Promise<ReadEvent[]> {
  const ofWho = 'and ($4::int8 is null or e.who = $4::int8)';
  const text = withAgents(`select * from (
      (select ${columns} from audit.event e
       where hashtextextended(e.patients, 0) = hashtextextended($9::text, 0) and e.patients = $9::text and e.patients <> ''
         and ${filtered} ${ofWho} ${newestFirst} limit $8::int8)
      union all
      (select ${columns} from audit.event e
       where string_to_array(e.patients, ' ') @> array[$9::text] and e.patients like '% %'
         and ${filtered} ${ofWho} ${newestFirst} limit $8::int8)
    ) e ${newestFirst} limit $8::int8`);
  return (await run(connection, 'audit-of-patient', text, [...valuesOf(filter), patient])).map(toEvent);
}

/** Events of an agent, who must be in the filter. */
export async function selectOfAgent(connection: Connection, filter: EventFilter): Promise<ReadEvent[]> {
  const text = withAgents(
    `select ${columns} from audit.event e where e.who = $4::int8 and ${filtered} ${newestFirst} limit $8::int8`,
  );
  return (await run(connection, 'audit-of-agent', text, valuesOf(filter))).map(toEvent);
}

/** All events of a span: to be kept short, since all of it is read. */
export async function selectOfSpan(connection: Connection, filter: EventFilter): Promise<ReadEvent[]> {
  const text = withAgents(
    `select ${columns} from audit.event e where $4::int8 is null and ${filtered} ${newestFirst} limit $8::int8`,
  );
  return (await run(connection, 'audit-of-span', text, valuesOf(filter))).map(toEvent);
}
