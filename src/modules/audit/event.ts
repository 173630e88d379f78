import { hash } from 'node:crypto';
import type { Actor, TrailEntity, TrailEntry } from '#fhir/access/index.ts';

/** An event as it stands in the database. */
export interface EventRow {
  readonly number: number;
  /** Microseconds since 1970 UTC. */
  readonly at: number;
  readonly agent: Agent;
  readonly action: string;
  readonly outcome: string;
  readonly interaction: string;
  /** `Observation/1/2 Patient/3` */
  readonly entities: string;
  /** `3 4` */
  readonly patients: string;
  readonly detail: string;
}

/** An actor under the number by which events name them: the beginning of the SHA-256 of the content. */
export interface Agent {
  readonly id: bigint;
  /** The same for all sign-ins of a person. */
  readonly who: bigint;
  readonly content: string;
}

const startOfHash = (text: string): bigint => hash('sha256', text, 'buffer').readBigInt64BE(0);

/** By which the events of somebody are found. */
export const hashReference = (reference: string): bigint => startOfHash(`who ${reference}`);

export const hashAgent = (content: string): bigint => startOfHash(content);

export function actorToAgent(actor: Actor): Agent {
  const { reference, display, role, organization, purpose, client, session, address } = actor;
  const parts = [reference, display, role, organization, purpose, client, session, address];
  const content = JSON.stringify(parts.map((part) => (part === undefined ? '' : clean(part, greatestPart))));
  return { id: hashAgent(content), who: hashReference(reference), content };
}

export function parseAgent(content: string): Actor {
  const [reference, display, role, organization, purpose, client, session, address] = JSON.parse(content) as string[];
  return {
    reference: reference ?? '',
    display: display ?? '',
    role: role ?? '',
    purpose: purpose ?? '',
    ...(organization && { organization }),
    ...(client && { client }),
    ...(session && { session }),
    ...(address && { address }),
  };
}

const greatestPart = 500;
const greatestDetail = 2000;

// Control characters would forge lines where the trail is printed, and separate the fields of a sealed line.
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;

function clean(text: string, greatest: number): string {
  const short = text.length > greatest ? `${text.slice(0, greatest - 1)}…` : text;
  return short.replace(controls, ' ');
}

const printEntity = ({ type, id, version }: TrailEntity): string =>
  version === undefined ? `${type}/${id}` : `${type}/${id}/${version}`;

export function parseEntities(entities: string): TrailEntity[] {
  if (entities === '') return [];
  return entities.split(' ').map((name) => {
    const [type = '', id = '', version] = name.split('/');
    return { type, id, ...(version !== undefined && { version: Number(version) }) };
  });
}

export function entryToRow(entry: TrailEntry, number: number, agent: Agent): EventRow {
  const { at, action, outcome, interaction, entities, patients, detail } = entry;
  const [entity, ...others] = entities;
  const [patient, ...otherPatients] = patients;
  return {
    number,
    at: Math.round(at * 1000),
    agent,
    action,
    outcome,
    interaction: clean(interaction, greatestPart),
    entities: clean(
      entity && others.length === 0 ? printEntity(entity) : entities.map(printEntity).join(' '),
      Infinity,
    ),
    patients: clean(
      patient !== undefined && otherPatients.length === 0 ? patient : [...new Set(patients)].join(' '),
      Infinity,
    ),
    detail: detail === undefined ? '' : clean(detail, greatestDetail),
  };
}

const separator = '\x1f';

/** What is sealed of an event, but for who acted and the code of authenticity. */
export const printFacts = ({
  number,
  at,
  action,
  outcome,
  interaction,
  entities,
  patients,
  detail,
}: Omit<EventRow, 'agent'>): string =>
  `${number}${separator}${at}${separator}${action}${separator}${outcome}${separator}${interaction}${separator}${entities}${separator}${patients}${separator}${detail}`;

/** As audit.month numbers it: 202611. */
export function monthOf(at: number): number {
  const date = new Date(at / 1000);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

/** From the first microsecond of a month to that of the next. */
export function rangeOfMonth(month: number): { low: number; high: number } {
  const [year, index] = [Math.floor(month / 100), (month % 100) - 1];
  return { low: Date.UTC(year, index) * 1000, high: Date.UTC(year, index + 1) * 1000 };
}
