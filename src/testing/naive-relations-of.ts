import type { JsonObject } from '#lib/json/index.ts';
import { at, isOneOf, list, naiveInstant, reference } from './naive-content.ts';

/** What is stored of a resource, deleted ones without content; `updated` in microseconds since 1970 UTC. */
export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly rid: number;
  readonly updated: number;
  readonly content: JsonObject | undefined;
}

export interface NaiveSettings {
  readonly graceDays: number;
  readonly staleDays: number;
  readonly majorityYears: number;
  /** Number of a data category. */
  readonly categories: ReadonlyMap<string, number>;
}

export interface Relation {
  readonly party: string;
  readonly patient: string;
  readonly kind: number;
  readonly low: number;
  readonly high: number;
  readonly data?: readonly [number, number];
}

/** The content of what a reference names, if it is stored. */
export type ContentOf = (name: string) => unknown;

const day = 86_400_000_000;
const lowest = -Infinity;
const highest = Infinity;

const startOf = (value: unknown): number => naiveInstant(value, false) ?? lowest;
const endOf = (value: unknown): number => naiveInstant(value, true) ?? highest;

function relations(
  parties: readonly unknown[],
  patient: unknown,
  kind: number,
  [low, high]: readonly [number, number],
): Relation[] {
  const about = reference(patient);
  if (!about?.startsWith('Patient/')) return [];
  return parties.flatMap((party) => {
    const name = reference(party);
    return name === undefined ? [] : [{ party: name, patient: about, kind, low, high }];
  });
}

/** What one resource says of who stands to whom, type by type. */
export function relationsOf(source: StoredResource, settings: NaiveSettings, contentOf: ContentOf): Relation[] {
  const { type, id, updated, content } = source;
  const status = at(content, 'status');
  const period = [startOf(at(content, 'period', 'start')), endOf(at(content, 'period', 'end'))] as const;
  const participants = list(at(content, 'participant'));
  const ending = (periodEnd: unknown, periodStart: unknown, isOver: boolean): number => {
    const over = naiveInstant(periodEnd, true) ?? (isOver ? (naiveInstant(periodStart, true) ?? updated) : undefined);
    if (over !== undefined) return over + settings.graceDays * day;
    return Math.max(naiveInstant(periodStart, true) ?? lowest, updated) + settings.staleDays * day;
  };
  switch (type) {
    case 'Encounter': {
      if (isOneOf(status, 'cancelled', 'entered-in-error')) return [];
      const parties = [at(content, 'serviceProvider'), ...participants.map((one) => at(one, 'individual'))];
      const high = ending(at(content, 'period', 'end'), at(content, 'period', 'start'), status === 'finished');
      return relations(parties, at(content, 'subject'), 1, [period[0], high]);
    }
    case 'CareTeam': {
      if (status !== 'active') return [];
      const parties = [...list(at(content, 'managingOrganization')), ...participants.map((one) => at(one, 'member'))];
      const outside = parties.filter((one) => !reference(one)?.startsWith('CareTeam/'));
      return relations(outside, at(content, 'subject'), 2, period);
    }
    case 'EpisodeOfCare': {
      if (!isOneOf(status, 'active', 'onhold', 'waitlist')) return [];
      const parties = [at(content, 'managingOrganization'), at(content, 'careManager'), ...list(at(content, 'team'))];
      return relations(parties, at(content, 'patient'), 5, period);
    }
    case 'ServiceRequest': {
      const isOver = status === 'completed';
      const performers = at(content, 'performer');
      if (!isOneOf(status, 'active', 'on-hold', 'completed') || !Array.isArray(performers)) return [];
      const authored = at(content, 'authoredOn');
      const high = ending(undefined, isOver ? undefined : authored, isOver);
      const parties = [at(content, 'requester'), ...performers];
      return relations(parties, at(content, 'subject'), 3, [startOf(authored), high]);
    }
    case 'Appointment': {
      if (!isOneOf(status, 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled')) return [];
      const present = participants.filter((one) => at(one, 'status') !== 'declined').map((one) => at(one, 'actor'));
      const actors = present.filter((actor) => !reference(actor)?.startsWith('Patient/'));
      const high = ending(at(content, 'end') ?? at(content, 'start'), undefined, false);
      return participants.flatMap((one) => relations(actors, at(one, 'actor'), 4, [lowest, high]));
    }
    case 'Coverage': {
      if (status !== 'active') return [];
      const payors = list(at(content, 'payor')).filter((one) => reference(one)?.startsWith('Organization/'));
      return relations(payors, at(content, 'beneficiary'), 9, period);
    }
    case 'Patient':
      return ofPatient(id, content, settings, contentOf);
    case 'Consent':
      return consented(content, settings);
    default:
      return [];
  }
}

function ofPatient(id: string, content: unknown, settings: NaiveSettings, contentOf: ContentOf): Relation[] {
  const self = { reference: `Patient/${id}` };
  const always = [lowest, highest] as const;
  return [
    ...relations([at(content, 'managingOrganization')], self, 9, always),
    ...relations(list(at(content, 'generalPractitioner')), self, 2, always),
    ...list(at(content, 'link')).flatMap((link) => parenthood(link, self.reference, settings, contentOf)),
  ];
}

const parents = ['MTH', 'FTH', 'NMTH', 'NFTH', 'ADOPTP', 'ADOPTM', 'ADOPTF', 'PRN', 'GUARD'];

function parenthood(link: unknown, party: string, settings: NaiveSettings, contentOf: ContentOf): Relation[] {
  const name = reference(at(link, 'other'));
  if (!name?.startsWith('RelatedPerson/') || at(link, 'type') !== 'seealso') return [];
  const related = contentOf(name);
  const codings = list(at(related, 'relationship')).flatMap((concept) => list(at(concept, 'coding')));
  const isParent = codings.some((coding) => isOneOf(at(coding, 'code'), ...parents));
  if (!isParent || at(related, 'active') === false) return [];
  const patient = reference(at(related, 'patient')) ?? '';
  const birth = at(contentOf(patient), 'birthDate');
  const low = naiveInstant(birth, false);
  if (typeof birth !== 'string' || low === undefined) return [];
  const majority = `${Number(birth.slice(0, 4)) + settings.majorityYears}`.padStart(4, '0') + birth.slice(4);
  return [{ party, patient, kind: 6, low, high: naiveInstant(majority, false) ?? lowest }];
}

const system = 'http://meridian.health/fhir/CodeSystem/';

function consented(content: unknown, settings: NaiveSettings): Relation[] {
  const patient = reference(at(content, 'patient'));
  const base = at(content, 'provision');
  if (at(content, 'status') !== 'active' || base === undefined || !patient?.startsWith('Patient/')) return [];
  const categories = list(at(content, 'category')).flatMap((concept) => list(at(concept, 'coding')));
  const isMandate = categories.some(
    (coding) => at(coding, 'code') === 'mandate' && at(coding, 'system') === `${system}consent-category`,
  );
  const erase = list(at(content, 'extension'))
    .filter((one) => at(one, 'url') === 'http://meridian.health/fhir/StructureDefinition/consent-erase-at')
    .map((one) => naiveInstant(at(one, 'valueDateTime'), false) ?? highest);
  const isClosed = at(base, 'type') === 'deny';
  const nested = list(at(base, 'provision')).filter(
    (one) => at(one, 'type') === 'deny' || (at(one, 'type') === 'permit' && isClosed),
  );
  return [base, ...nested].flatMap((rule) => {
    if (!isOneOf(at(rule, 'type'), 'permit', 'deny')) return [];
    const isDenial = at(rule, 'type') === 'deny';
    const parties = partiesOf(rule, base, isDenial);
    const [low, high] = timeOf(rule, base, isDenial, erase);
    const dataPeriod = at(rule, 'dataPeriod');
    const data = dataPeriod !== undefined && {
      data: [startOf(at(dataPeriod, 'start')), endOf(at(dataPeriod, 'end'))] as const,
    };
    return kindsOf(rule, isMandate && rule === base, isDenial, settings).flatMap((kind) =>
      parties
        .filter((party) => kind !== 6 || party.startsWith('Patient/'))
        .map((party) => ({ party, patient, kind, low, high, ...(data && kind !== 6 && data) })),
    );
  });
}

function partiesOf(rule: unknown, base: unknown, isDenial: boolean): string[] {
  const own = at(rule, 'actor');
  const actors = Array.isArray(own) ? own : at(base, 'actor');
  if (!Array.isArray(actors) && isDenial) return ['everyone'];
  return list(actors).flatMap((actor) => reference(at(actor, 'reference')) ?? []);
}

function timeOf(rule: unknown, base: unknown, isDenial: boolean, erase: readonly number[]): readonly [number, number] {
  const own = {
    low: naiveInstant(at(rule, 'period', 'start'), false),
    high: naiveInstant(at(rule, 'period', 'end'), true),
  };
  const outer = {
    low: naiveInstant(at(base, 'period', 'start'), false),
    high: naiveInstant(at(base, 'period', 'end'), true),
  };
  if (isDenial) return [own.low ?? outer.low ?? lowest, own.high ?? outer.high ?? highest];
  return [
    Math.max(own.low ?? lowest, outer.low ?? lowest),
    Math.min(own.high ?? highest, outer.high ?? highest, ...erase),
  ];
}

function kindsOf(rule: unknown, isMandate: boolean, isDenial: boolean, { categories }: NaiveSettings): number[] {
  if (isMandate) return isDenial ? [] : [6];
  const base = isDenial ? 128 : 64;
  const classes = at(rule, 'class');
  if (!Array.isArray(classes)) return [base];
  const kinds = classes.flatMap((coding) => {
    const isCategory = at(coding, 'system') === `${system}data-category`;
    const number = isCategory ? categories.get(String(at(coding, 'code'))) : undefined;
    if (number !== undefined) return [base + number];
    return isDenial ? [base] : [];
  });
  return [...new Set(kinds)];
}
