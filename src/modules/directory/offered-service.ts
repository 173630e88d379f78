import type { JsonObject } from '#lib/json/index.ts';
import { Fields, type Input } from './fields.ts';
import { phonePattern, phoneSentence } from './organization.ts';
import {
  codeIn,
  compact,
  conceptOf,
  conceptOfElement,
  englishOf,
  idOfReference,
  inEnglish,
  listOf,
  replaceIn,
  textOf,
} from './resource-parts.ts';
import { systems } from './systems.ts';
import type { Term } from './vocabulary.ts';

/** What an institution offers to people: a clinic, an examination, a vaccination room. */
export interface OfferedService {
  organization: string;
  name: string;
  english: string | undefined;
  department: Term | undefined;
  hours: string | undefined;
  phone: string | undefined;
}

export function parseService(input: Input): OfferedService {
  const fields = new Fields(input);
  const service = {
    organization:
      fields.matching('organization', /^[A-Za-z0-9.-]{1,64}$/, 'Choose an organisation of the directory.', true) ?? '',
    name: fields.text('name', { isRequired: true, most: 120 }) ?? '',
    english: fields.text('english'),
    department: fields.term('department', 'departments'),
    hours: fields.text('hours', { most: 500 }),
    phone: fields.matching('phone', phonePattern, phoneSentence),
  };
  fields.done();
  return service;
}

export function serviceToResource(service: OfferedService, before: JsonObject, organizationName: string): JsonObject {
  const { organization, name, english, department, hours, phone } = service;
  return compact({
    ...before,
    resourceType: 'HealthcareService',
    identifier: replaceIn(before.identifier, ({ system }) => system === systems.serviceKey, [
      { system: systems.serviceKey, value: `${organization}/${name}` },
    ]),
    active: before.active ?? true,
    providedBy: { reference: `Organization/${organization}`, display: organizationName },
    specialty: department ? [conceptOf(systems.department, department)] : undefined,
    name,
    _name: english === undefined ? undefined : inEnglish(english),
    comment: hours,
    telecom: phone === undefined ? undefined : [{ system: 'phone', use: 'work', value: phone }],
  });
}

export const printService = (resource: JsonObject) => ({
  id: textOf(resource.id) ?? '',
  version: Number(textOf(conceptOfElement(resource.meta)[0]?.versionId) ?? 0),
  isActive: resource.active !== false,
  organization: idOfReference(resource.providedBy, 'Organization') ?? '',
  name: textOf(resource.name) ?? '',
  english: englishOf(resource._name) ?? '',
  department: codeIn(listOf(resource.specialty), systems.department) ?? '',
  hours: textOf(resource.comment) ?? '',
  phone: textOf(listOf(resource.telecom)[0]?.value) ?? '',
});
