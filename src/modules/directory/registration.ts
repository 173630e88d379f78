import type { JsonObject } from '#lib/json/index.ts';
import { Fields, type Input } from './fields.ts';
import {
  codeIn,
  codingOf,
  compact,
  conceptOf,
  conceptOfElement,
  idOfReference,
  listOf,
  replaceIn,
  textOf,
} from './resource-parts.ts';
import { extensions, systems } from './systems.ts';
import type { Term } from './vocabulary.ts';

/** That somebody works at an institution, as what, and for how long: a practising licence names one or several places. */
export interface Registration {
  practitioner: string;
  organization: string;
  role: Term;
  department: Term | undefined;
  from: string | undefined;
  until: string | undefined;
  /** The first place of practice; others are registered beside it. */
  isMain: boolean;
}

const idPattern = /^[A-Za-z0-9.-]{1,64}$/;

export function parseRegistration(input: Input): Registration {
  const fields = new Fields(input);
  const [from, until] = [fields.day('from'), fields.day('until')];
  if (from && until && until < from) fields.fault('until', 'The registration ends before it begins.');
  const registration = {
    practitioner: fields.matching('practitioner', idPattern, 'Choose somebody of the directory.', true) ?? '',
    organization: fields.matching('organization', idPattern, 'Choose an organisation of the directory.', true) ?? '',
    role: fields.term('role', 'roles', true) ?? { code: '', zh: '', en: '' },
    department: fields.term('department', 'departments'),
    from,
    until,
    isMain: isYes(input.isMain),
  };
  fields.done();
  return registration;
}

const isYes = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && /^(true|yes|y|1|是|主|主执业)$/i.test(value.trim()));

export function registrationToResource(
  registration: Registration,
  {
    before,
    names,
    today,
  }: { before: JsonObject; names: { practitioner: string; organization: string }; today: string },
): JsonObject {
  const { practitioner, organization, role, department, from, until, isMain } = registration;
  return compact({
    ...before,
    resourceType: 'PractitionerRole',
    extension: replaceIn(before.extension, ({ url }) => url === extensions.mainRegistration, [
      isMain ? { url: extensions.mainRegistration, valueBoolean: true } : undefined,
    ]),
    active: until === undefined || until >= today,
    period: from === undefined && until === undefined ? undefined : compact({ start: from, end: until }),
    practitioner: { reference: `Practitioner/${practitioner}`, display: names.practitioner },
    organization: { reference: `Organization/${organization}`, display: names.organization },
    code: [conceptOf(systems.role, role)],
    specialty: department ? [{ coding: [codingOf(systems.department, department)], text: department.zh }] : undefined,
  });
}

export function printRegistration(resource: JsonObject) {
  const period = conceptOfElement(resource.period)[0];
  return {
    id: textOf(resource.id) ?? '',
    version: Number(textOf(conceptOfElement(resource.meta)[0]?.versionId) ?? 0),
    isActive: resource.active !== false,
    practitioner: idOfReference(resource.practitioner, 'Practitioner') ?? '',
    practitionerName: textOf(conceptOfElement(resource.practitioner)[0]?.display) ?? '',
    organization: idOfReference(resource.organization, 'Organization') ?? '',
    organizationName: textOf(conceptOfElement(resource.organization)[0]?.display) ?? '',
    role: codeIn(listOf(resource.code), systems.role) ?? '',
    department: codeIn(listOf(resource.specialty), systems.department) ?? '',
    from: textOf(period?.start) ?? '',
    until: textOf(period?.end) ?? '',
    isMain: listOf(resource.extension).some(
      ({ url, valueBoolean }) => url === extensions.mainRegistration && valueBoolean === true,
    ),
  };
}

const warnDays = 60;

/** How long something still holds: `expired`, `soon` (within 60 days), or undefined where there is time or no end. */
export function expiryOf(until: string, today: string): 'expired' | 'soon' | undefined {
  if (until === '') return undefined;
  if (until < today) return 'expired';
  return Date.parse(until) - Date.parse(today) <= warnDays * 86_400_000 ? 'soon' : undefined;
}
