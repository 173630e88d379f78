import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import {
  type Consent,
  type ConsentKind,
  type ConsentState,
  consentKinds,
  consentStates,
  type Named,
  type Scope,
} from './consent.ts';

const meridian = 'http://meridian.health/fhir';
export const categorySystem = `${meridian}/CodeSystem/consent-category`;
export const dataCategorySystem = `${meridian}/CodeSystem/data-category`;
const stateSystem = `${meridian}/StructureDefinition/consent-state`;
const extensions = {
  state: stateSystem,
  eraseAt: `${meridian}/StructureDefinition/consent-erase-at`,
  decideBy: `${meridian}/StructureDefinition/consent-decide-by`,
  requester: `${meridian}/StructureDefinition/consent-requester`,
  reason: `${meridian}/StructureDefinition/consent-reason`,
  note: `${meridian}/StructureDefinition/consent-note`,
  asked: `${meridian}/StructureDefinition/consent-asked`,
} as const;
const actReason = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';

/** https://hl7.org/fhir/R4/valueset-consent-state-codes.html */
const statuses: Readonly<Record<ConsentState, string>> = {
  requested: 'proposed',
  granted: 'active',
  narrowed: 'active',
  denied: 'rejected',
  lapsed: 'rejected',
  revoked: 'inactive',
  expired: 'inactive',
};

const roles: Readonly<Record<ConsentKind, JsonObject>> = {
  sharing: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
  closing: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
  mandate: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'DELEGATEE' }] },
};

/** As it is stored: what the state means for access stands in status and provision, the rest in extensions. */
export function printConsent(consent: Consent): JsonObject {
  const { id, kind, state, patient, party, purposes, scope, at, decidedBy } = consent;
  const { categories, from, until, dataFrom, dataUntil } = scope;
  return compact({
    resourceType: 'Consent',
    id,
    extension: extensionsOf(consent),
    status: statuses[state],
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: categorySystem, code: kind }] }],
    patient: reference(patient),
    dateTime: at,
    performer: decidedBy && [reference(decidedBy)],
    policyRule: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
          code: kind === 'closing' ? 'OPTOUT' : 'OPTIN',
        },
      ],
    },
    provision: compact({
      type: kind === 'closing' ? 'deny' : 'permit',
      period: period(from, until),
      actor: party && [{ role: roles[kind], reference: reference(party) }],
      purpose: purposes.length > 0 ? purposes.map((code) => ({ system: actReason, code })) : undefined,
      class: categories.length > 0 ? categories.map((code) => ({ system: dataCategorySystem, code })) : undefined,
      dataPeriod: period(dataFrom, dataUntil),
    }),
  });
}

function extensionsOf({ state, scope, decideBy, requester, reason, note, asked }: Consent): JsonObject[] {
  const all: (JsonObject | undefined)[] = [
    { url: extensions.state, valueCode: state },
    scope.eraseAt === undefined ? undefined : { url: extensions.eraseAt, valueDateTime: scope.eraseAt },
    decideBy === undefined ? undefined : { url: extensions.decideBy, valueDateTime: decideBy },
    requester && { url: extensions.requester, valueReference: reference(requester) },
    reason === undefined ? undefined : { url: extensions.reason, valueString: reason },
    note === undefined ? undefined : { url: extensions.note, valueString: note },
    asked && { url: extensions.asked, extension: printAsked(asked) },
  ];
  return all.filter((one) => one !== undefined);
}

function printAsked({ categories, from, until, dataFrom, dataUntil, eraseAt }: Scope): JsonObject[] {
  const asked = period(from, until);
  const data = period(dataFrom, dataUntil);
  return [
    ...categories.map((code) => ({ url: 'category', valueCode: code })),
    ...(asked ? [{ url: 'period', valuePeriod: asked }] : []),
    ...(data ? [{ url: 'dataPeriod', valuePeriod: data }] : []),
    ...(eraseAt === undefined ? [] : [{ url: 'eraseAt', valueDateTime: eraseAt }]),
  ];
}

/** The consent that a stored Consent says; undefined when it is none of ours. */
export function parseConsent(resource: JsonObject, version: number): Consent | undefined {
  const values = new Map(list(resource.extension).map((one) => [text(one.url) ?? '', one]));
  const state = consentStates.find((one) => one === text(values.get(extensions.state)?.valueCode));
  const codings = list(resource.category).flatMap(({ coding }) => list(coding));
  const kind = consentKinds.find((one) =>
    codings.some(({ system, code }) => system === categorySystem && code === one),
  );
  const patient = named(resource.patient);
  const id = text(resource.id);
  if (!state || !kind || !patient || id === undefined) return undefined;
  const provision = object(resource.provision);
  const asked = values.get(extensions.asked);
  return {
    id,
    version,
    kind,
    state,
    patient,
    party: named(list(provision.actor)[0]?.reference),
    requester: named(values.get(extensions.requester)?.valueReference),
    decidedBy: named(list(resource.performer)[0]),
    purposes: list(provision.purpose).flatMap(({ code }) => text(code) ?? []),
    scope: {
      categories: list(provision.class).flatMap(({ code }) => text(code) ?? []),
      ...periods(provision.period, provision.dataPeriod),
      eraseAt: text(values.get(extensions.eraseAt)?.valueDateTime),
    },
    asked: asked && parseAsked(list(asked.extension)),
    reason: text(values.get(extensions.reason)?.valueString),
    note: text(values.get(extensions.note)?.valueString),
    decideBy: text(values.get(extensions.decideBy)?.valueDateTime),
    at: text(resource.dateTime) ?? '',
  };
}

function parseAsked(parts: readonly JsonObject[]): Scope {
  const part = (url: string) => parts.find((one) => one.url === url);
  return {
    categories: parts.flatMap(({ url, valueCode }) => (url === 'category' ? (text(valueCode) ?? []) : [])),
    ...periods(part('period')?.valuePeriod, part('dataPeriod')?.valuePeriod),
    eraseAt: text(part('eraseAt')?.valueDateTime),
  };
}

function periods(validity: JsonValue | undefined, data: JsonValue | undefined): Omit<Scope, 'categories' | 'eraseAt'> {
  const [one, other] = [object(validity), object(data)];
  return { from: text(one.start), until: text(one.end), dataFrom: text(other.start), dataUntil: text(other.end) };
}

const period = (start: string | undefined, end: string | undefined): JsonObject | undefined =>
  start === undefined && end === undefined ? undefined : compact({ start, end });

const reference = ({ reference, display }: Named): JsonObject => ({ reference, display });

function named(value: JsonValue | undefined): Named | undefined {
  const { reference, display } = object(value);
  return typeof reference === 'string' ? { reference, display: text(display) ?? reference } : undefined;
}

const object = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** An object without the members that are undefined. */
export const compact = (members: Readonly<Record<string, JsonValue | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
