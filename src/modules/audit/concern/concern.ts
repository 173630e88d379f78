/** Why somebody should look into a look. */
export const concernKinds = [
  'own-record',
  'own-family',
  'same-household',
  'colleague',
  'restricted',
  'emergency',
  'volume',
  'hours',
  'question',
] as const;

export type ConcernKind = (typeof concernKinds)[number];

/** Not yet judged; in order; whoever looked has been asked; taken up as an incident. */
export const concernStates = ['open', 'fine', 'asked', 'incident'] as const;
export type ConcernState = (typeof concernStates)[number];

export interface Concern {
  readonly number: number;
  readonly day: string;
  readonly agent: string;
  readonly agentDisplay: string;
  /** Id of the patient; empty for what concerns no single one. */
  readonly patient: string;
  readonly kinds: readonly ConcernKind[];
  /** What each was seen by. */
  readonly reasons: Readonly<Partial<Record<ConcernKind, string>>>;
  readonly firstAt: number;
  readonly looks: number;
  readonly state: ConcernState;
  readonly reviewer: string | undefined;
  readonly note: string | undefined;
  readonly reviewedAt: string | undefined;
  readonly version: number;
}

/** What is known of a human, whether from a Patient, a Practitioner or a RelatedPerson. */
export interface Human {
  readonly names: ReadonlySet<string>;
  readonly families: ReadonlySet<string>;
  readonly birthDate: string | undefined;
  readonly phones: ReadonlySet<string>;
  /** `system|value` */
  readonly identifiers: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

const meets = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean => !left.isDisjointFrom(right);

/** The same identifier; or the same name, with the same birth date or phone. */
export const isSameHuman = (left: Human, right: Human): boolean =>
  meets(left.identifiers, right.identifiers) ||
  (meets(left.names, right.names) &&
    (meets(left.phones, right.phones) || (left.birthDate !== undefined && left.birthDate === right.birthDate)));

export interface LookFacts {
  readonly purpose: string;
  /** The hour of the first look, where the platform stands. */
  readonly hour: number;
  /** Whoever looked: as a practitioner, and their own record where one was found. */
  readonly agent: readonly Human[];
  readonly patient: Human;
  /** RelatedPersons, and contacts, of the patient. */
  readonly relatives: readonly Human[];
  /** The patient works where whoever looked does. */
  readonly isColleague: boolean;
  readonly isRestricted: boolean;
}

export type Reasons = Partial<Record<ConcernKind, string>>;

const firstHour = 6;
const lastHour = 22;

/** What is unusual about a look; nothing for most. The hour says nothing by itself: hospitals work at night. */
export function findUnusual(facts: LookFacts): Reasons {
  const { purpose, hour, agent, patient, relatives, isColleague, isRestricted } = facts;
  const reasons: Reasons = {};
  const isAtHome = agent.some(({ addresses }) => meets(addresses, patient.addresses));
  const sharesFamily = agent.some(({ families }) => meets(families, patient.families));
  if (agent.some((human) => isSameHuman(human, patient))) {
    reasons['own-record'] = 'identity';
  } else if (relatives.some((relative) => agent.some((human) => isSameHuman(human, relative)))) {
    reasons['own-family'] = 'related-person';
  } else if (relatives.some(({ phones }) => agent.some((human) => meets(human.phones, phones)))) {
    reasons['own-family'] = 'contact-phone';
  } else if (isAtHome) {
    reasons[sharesFamily ? 'own-family' : 'same-household'] = sharesFamily ? 'name-and-address' : 'address';
  }
  if (isColleague) reasons.colleague = 'same-organization';
  if (isRestricted) reasons.restricted = 'label';
  if (purpose === 'ETREAT') reasons.emergency = 'break-glass';
  const isLate = hour < firstHour || hour >= lastHour;
  if (isLate && Object.keys(reasons).length > 0) reasons.hours = String(hour);
  return reasons;
}

const leastVolume = 60;
const volumeFactor = 4;

/** More different patients in a day than somebody looks at otherwise; `before` are their other days, the newest first. */
export function isUnusualVolume(today: number, before: readonly number[]): boolean {
  const mean = before.length === 0 ? 0 : before.reduce((sum, count) => sum + count, 0) / before.length;
  return today >= Math.max(leastVolume, volumeFactor * mean);
}
