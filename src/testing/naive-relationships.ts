import type { JsonObject } from '#lib/json/index.ts';

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

interface Relation {
  readonly party: string;
  readonly patient: string;
  readonly kind: number;
  readonly low: number;
  readonly high: number;
  readonly data?: readonly [number, number];
}

// biome-ignore lint/suspicious/noExplicitAny: content is anything here, and looked into without asking
type Loose = any;

const day = 86_400_000_000;
const list = (value: Loose): Loose[] => (Array.isArray(value) ? value : []);
const reference = (value: Loose): string | undefined =>
  typeof value?.reference === 'string' ? value.reference : undefined;
const lowest = -Infinity;
const highest = Infinity;

/** The first microsecond of what a date names, or the first after it, by the calendar of JavaScript. */
export function naiveInstant(value: Loose, isEnd: boolean): number | undefined {
  if (typeof value !== 'string') return undefined;
  const date = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(value);
  if (date) {
    const [, year = '', month, dayOfMonth] = date;
    const at = new Date(`${year}${month ?? '-01'}${dayOfMonth ?? '-01'}T00:00:00Z`);
    if (Number.isNaN(at.getTime()) || year === '0000') return undefined;
    if (isEnd && !month) at.setUTCFullYear(at.getUTCFullYear() + 1);
    else if (isEnd && !dayOfMonth) at.setUTCMonth(at.getUTCMonth() + 1);
    else if (isEnd) at.setUTCDate(at.getUTCDate() + 1);
    return at.getTime() * 1000;
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  // JavaScript knows no leap second.
  const isLeap = value.slice(17, 19) === '60';
  const at = new Date(isLeap ? `${value.slice(0, 17)}59${value.slice(19)}` : value).getTime() + (isLeap ? 1000 : 0);
  if (Number.isNaN(at)) return undefined;
  return at * 1000 + (isEnd ? (value.includes('.') ? 1 : 1_000_000) : 0);
}

/** Who stands in which relationship to whom, computed from all that is stored, as plainly as can be. */
export function naiveGrants(
  resources: readonly StoredResource[],
  settings: NaiveSettings,
  now: number,
): Map<string, string> {
  const byName = new Map(resources.map((resource) => [`${resource.type}/${resource.id}`, resource]));
  const contentOf = (name: string): Loose => byName.get(name)?.content;
  const behind = (party: string, depth = 0): string[] => {
    const [type = ''] = party.split('/');
    if (!['PractitionerRole', 'Location', 'HealthcareService', 'CareTeam'].includes(type)) return [party];
    const content = contentOf(party);
    if (content === undefined || depth > 2 || (type === 'CareTeam' && content.status !== 'active')) return [];
    const next = {
      PractitionerRole: [content.practitioner],
      Location: [content.managingOrganization],
      HealthcareService: [content.providedBy],
      CareTeam: [...list(content.managingOrganization), ...list(content.participant).map((one) => one.member)],
    }[type];
    return (next ?? []).flatMap((one: Loose) => {
      const name = reference(one);
      return name === undefined ? [] : behind(name, depth + 1);
    });
  };
  const grants = new Map<string, Relation & { ridOfParty: number; ridOfPatient: number; source: number }>();
  for (const source of resources) {
    if (source.content === undefined) continue;
    for (const named of relationsOf(source, settings, contentOf)) {
      if (!(named.high > now) || !(named.low < named.high)) continue;
      for (const party of behind(named.party)) {
        const ridOfParty = party === 'everyone' ? 0 : byName.get(party)?.rid;
        const ridOfPatient = byName.get(named.patient)?.rid;
        if (ridOfParty === undefined || ridOfPatient === undefined || !isParty(party)) continue;
        const key = `${ridOfParty}:${named.kind}:${ridOfPatient}:${source.rid}`;
        const known = grants.get(key);
        grants.set(key, { ...(known ? joined(known, named) : named), ridOfParty, ridOfPatient, source: source.rid });
      }
    }
  }
  return new Map([...grants].filter(([, { low, high }]) => low < high).map(([key, grant]) => [key, printed(grant)]));
}

const isParty = (party: string): boolean =>
  party === 'everyone' || ['Practitioner', 'Organization', 'Patient', 'Device'].includes(party.split('/')[0] ?? '');

export const printed = ({ low, high, data }: Pick<Relation, 'low' | 'high' | 'data'>): string =>
  `${low}..${high}${data ? ` of ${data[0]}..${data[1]}` : ''}`;

function joined(one: Relation, other: Relation): Relation {
  const isPermission = one.kind >= 64 && one.kind < 128;
  const [low, high] = isPermission ? [Math.max, Math.min] : [Math.min, Math.max];
  const data = (): readonly [number, number] | undefined => {
    if (one.data && other.data) return [low(one.data[0], other.data[0]), high(one.data[1], other.data[1])];
    return isPermission ? (one.data ?? other.data) : undefined;
  };
  const period = data();
  const { data: _, ...rest } = one;
  return {
    ...rest,
    low: low(one.low, other.low),
    high: high(one.high, other.high),
    ...(period && { data: period }),
  };
}

function relationsOf(
  { type, id, updated, content }: StoredResource,
  settings: NaiveSettings,
  contentOf: (name: string) => Loose,
): Relation[] {
  const it: Loose = content;
  const start = (value: Loose): number => naiveInstant(value, false) ?? lowest;
  const end = (value: Loose): number => naiveInstant(value, true) ?? highest;
  const ending = (periodEnd: Loose, periodStart: Loose, isOver: boolean): number => {
    const over = naiveInstant(periodEnd, true) ?? (isOver ? (naiveInstant(periodStart, true) ?? updated) : undefined);
    if (over !== undefined) return over + settings.graceDays * day;
    return Math.max(naiveInstant(periodStart, true) ?? lowest, updated) + settings.staleDays * day;
  };
  const relations = (
    parties: readonly Loose[],
    patient: Loose,
    kind: number,
    low: number,
    high: number,
  ): Relation[] => {
    const about = reference(patient);
    if (!about?.startsWith('Patient/')) return [];
    return parties.flatMap((party) => {
      const name = reference(party);
      return name === undefined ? [] : [{ party: name, patient: about, kind, low, high }];
    });
  };
  switch (type) {
    case 'Encounter': {
      if (['cancelled', 'entered-in-error'].includes(it.status)) return [];
      const parties = [it.serviceProvider, ...list(it.participant).map((one) => one.individual)];
      const high = ending(it.period?.end, it.period?.start, it.status === 'finished');
      return relations(parties, it.subject, 1, start(it.period?.start), high);
    }
    case 'CareTeam': {
      if (it.status !== 'active') return [];
      const members = list(it.participant).map((one) => one.member);
      const parties = [...list(it.managingOrganization), ...members].filter(
        (one) => !reference(one)?.startsWith('CareTeam/'),
      );
      return relations(parties, it.subject, 2, start(it.period?.start), end(it.period?.end));
    }
    case 'EpisodeOfCare':
      if (!['active', 'onhold', 'waitlist'].includes(it.status)) return [];
      return relations(
        [it.managingOrganization, it.careManager, ...list(it.team)],
        it.patient,
        5,
        start(it.period?.start),
        end(it.period?.end),
      );
    case 'ServiceRequest': {
      const isOver = it.status === 'completed';
      if (!['active', 'on-hold', 'completed'].includes(it.status) || !Array.isArray(it.performer)) return [];
      const high = ending(undefined, isOver ? undefined : it.authoredOn, isOver);
      return relations([it.requester, ...it.performer], it.subject, 3, start(it.authoredOn), high);
    }
    case 'Appointment': {
      if (!['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'].includes(it.status)) return [];
      const present = list(it.participant).filter(({ status }) => status !== 'declined');
      const actors = present.map(({ actor }) => actor).filter((actor) => !reference(actor)?.startsWith('Patient/'));
      const high = ending(it.end ?? it.start, undefined, false);
      return list(it.participant).flatMap(({ actor }) => relations(actors, actor, 4, lowest, high));
    }
    case 'Coverage': {
      if (it.status !== 'active') return [];
      const payors = list(it.payor).filter((one) => reference(one)?.startsWith('Organization/'));
      return relations(payors, it.beneficiary, 9, start(it.period?.start), end(it.period?.end));
    }
    case 'Patient': {
      const self = { reference: `Patient/${id}` };
      return [
        ...relations([it.managingOrganization], self, 9, lowest, highest),
        ...relations(list(it.generalPractitioner), self, 2, lowest, highest),
        ...list(it.link).flatMap((link) => parenthood(link, self, settings, contentOf)),
      ];
    }
    case 'Consent':
      return consented(it, settings);
    default:
      return [];
  }
}

const parents = ['MTH', 'FTH', 'NMTH', 'NFTH', 'ADOPTP', 'ADOPTM', 'ADOPTF', 'PRN', 'GUARD'];

function parenthood(link: Loose, self: Loose, settings: NaiveSettings, contentOf: (name: string) => Loose): Relation[] {
  const name = reference(link.other);
  if (!name?.startsWith('RelatedPerson/') || link.type !== 'seealso') return [];
  const related = contentOf(name);
  const isParent = list(related?.relationship).some((concept) =>
    list(concept.coding).some(({ code }) => parents.includes(code)),
  );
  if (!isParent || related.active === false) return [];
  const patient = reference(related.patient) ?? '';
  const birth = contentOf(patient)?.birthDate;
  if (naiveInstant(birth, false) === undefined) return [];
  const of = `${Number(birth.slice(0, 4)) + settings.majorityYears}`.padStart(4, '0') + birth.slice(4);
  return [
    {
      party: self.reference,
      patient,
      kind: 6,
      low: naiveInstant(birth, false) ?? 0,
      high: naiveInstant(of, false) ?? lowest,
    },
  ];
}

const system = 'http://meridian.health/fhir/CodeSystem/';

function consented(it: Loose, settings: NaiveSettings): Relation[] {
  const patient = reference(it.patient);
  const base = it.provision;
  if (it.status !== 'active' || base === undefined || !patient?.startsWith('Patient/')) return [];
  const isMandate = list(it.category).some(({ coding }) =>
    list(coding).some((one) => one.code === 'mandate' && one.system === `${system}consent-category`),
  );
  const erase = list(it.extension)
    .filter(({ url }) => url === 'http://meridian.health/fhir/StructureDefinition/consent-erase-at')
    .map(({ valueDateTime }) => naiveInstant(valueDateTime, false) ?? highest);
  const nested = list(base.provision).filter(
    ({ type }) => type === 'deny' || (type === 'permit' && base.type === 'deny'),
  );
  return [base, ...nested].flatMap((rule) => {
    if (rule.type !== 'permit' && rule.type !== 'deny') return [];
    const isDenial = rule.type === 'deny';
    const actors = Array.isArray(rule.actor) ? rule.actor : base.actor;
    const parties: (string | undefined)[] =
      Array.isArray(actors) || !isDenial ? list(actors).map((actor) => reference(actor.reference)) : ['everyone'];
    const own = { low: naiveInstant(rule.period?.start, false), high: naiveInstant(rule.period?.end, true) };
    const outer = { low: naiveInstant(base.period?.start, false), high: naiveInstant(base.period?.end, true) };
    const low = isDenial ? (own.low ?? outer.low ?? lowest) : Math.max(own.low ?? lowest, outer.low ?? lowest);
    const high = isDenial
      ? (own.high ?? outer.high ?? highest)
      : Math.min(own.high ?? highest, outer.high ?? highest, ...erase);
    const data = rule.dataPeriod && {
      data: [
        naiveInstant(rule.dataPeriod.start, false) ?? lowest,
        naiveInstant(rule.dataPeriod.end, true) ?? highest,
      ] as const,
    };
    return kindsOf(rule, isMandate && rule === base, isDenial, settings).flatMap((kind) =>
      parties.flatMap((party) =>
        party === undefined || (kind === 6 && !party.startsWith('Patient/'))
          ? []
          : [{ party, patient, kind, low, high, ...(data && kind !== 6 && data) }],
      ),
    );
  });
}

function kindsOf(rule: Loose, isMandate: boolean, isDenial: boolean, { categories }: NaiveSettings): number[] {
  if (isMandate) return isDenial ? [] : [6];
  const base = isDenial ? 128 : 64;
  if (!Array.isArray(rule.class)) return [base];
  const numbers = rule.class.map((coding: Loose) =>
    coding.system === `${system}data-category` ? categories.get(coding.code) : undefined,
  );
  return [
    ...new Set<number>(
      numbers.flatMap((number: number | undefined) => {
        if (number !== undefined) return [base + number];
        return isDenial ? [base] : [];
      }),
    ),
  ];
}
