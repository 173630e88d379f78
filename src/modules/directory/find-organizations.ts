import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { branchOf, parseDivisionCode, prefixesOf } from '#modules/division/index.ts';
import { type Directory, readResource, searchAll, todayOf } from './dependencies.ts';
import { printService } from './offered-service.ts';
import { isDepartment, printInstitution } from './organization.ts';
import { printProfessional } from './practitioner.ts';
import { expiryOf, printRegistration } from './registration.ts';
import { systems } from './systems.ts';
import { vocabulary } from './vocabulary.ts';

export interface OrganizationFilter {
  text?: string | undefined;
  /** Of a kind, or of all kinds of a group. */
  kind?: string | undefined;
  grade?: string | undefined;
  division?: string | undefined;
  /** Only what is open, only what is closed, or both. */
  state?: string | undefined;
  cursor?: string | undefined;
}

export const pageLength = 100;

/** Institutions by what people know of them, a page at a time; departments are found at their institutions. */
export async function findOrganizations(directory: Directory, filter: OrganizationFilter) {
  const kinds = kindCodes(filter.kind).map((kind) => `${systems.kind}|${kind}`);
  const parameters: [string, string][] = [
    ['type', kinds.join(',')],
    ['_sort', 'name'],
    ['_count', `${pageLength}`],
    ['_total', 'accurate'],
  ];
  parameters.push(...nameParameters(filter.text));
  if (filter.grade)
    parameters.push([
      'grade',
      gradesOf(filter.grade)
        .map((grade) => `${systems.grade}|${grade}`)
        .join(','),
    ]);
  if (filter.division) parameters.push(...(await divisionParameters(directory, filter.division)));
  if (filter.state !== 'all') parameters.push(['active', filter.state === 'closed' ? 'false' : 'true']);
  if (filter.cursor) parameters.push(['_cursor', filter.cursor]);
  const { resources, total, next } = await searchAll(directory, undefined, 'Organization', parameters);
  return { organizations: resources.map((resource) => printInstitution(resource)), total, next };
}

/** By a credit code, or by words of the name in any order. */
export function nameParameters(typed: string | undefined): [string, string][] {
  const text = typed?.trim().slice(0, 100) ?? '';
  if (/^[0-9A-Z]{18}$/i.test(text)) return [['identifier', `${systems.creditCode}|${text.toUpperCase()}`]];
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ['name:contains', escapeValue(word)]);
}

const escapeValue = (text: string): string => text.replaceAll(/[\\,$|]/g, '\\$&');

/** All kinds, those of a group, or the one. */
export function kindCodes(kind: string | undefined): string[] {
  const all = [...vocabulary.kinds.values()];
  if (!kind) return all.map(({ code }) => code);
  const found = all.filter(({ code, group }) => code === kind || group === kind);
  if (found.length > 0) return found.map(({ code }) => code);
  throw new Failure('value', `There is no kind of institution "${kind.slice(0, 40)}".`);
}

/** `3` stands for all grades of the third level. */
function gradesOf(grade: string): string[] {
  const found = [...vocabulary.grades.keys()].filter(
    (code) => code === grade || (grade.length === 1 && code.startsWith(grade)),
  );
  if (found.length > 0) return found;
  throw new Failure('value', `There is no grade "${grade.slice(0, 40)}".`);
}

export async function divisionParameters(directory: Directory, division: string): Promise<[string, string][]> {
  const prefixes = (await prefixesOf(directory.pool, parseDivisionCode(division))).filter((prefix) => prefix !== '');
  return prefixes.length === 0 ? [] : [['division', prefixes.join(',')]];
}

const mostListed = 500;

/** An institution with what hangs below it. */
export async function describeOrganization(directory: Directory, id: string) {
  const resource = await readResource(directory, directory.pool, 'Organization', id);
  const branch = await placesOf(directory, resource);
  const [below, services] = await Promise.all([
    searchAll(directory, undefined, 'Organization', [
      ['partof', id],
      ['_sort', 'name'],
      ['_count', `${mostListed}`],
      ['_total', 'accurate'],
    ]),
    searchAll(directory, undefined, 'HealthcareService', [
      ['organization', id],
      ['_sort', 'name'],
      ['_count', `${mostListed}`],
      ['_total', 'accurate'],
    ]),
  ]);
  const children = below.resources.map((child) => printInstitution(child));
  return {
    organization: printInstitution(resource, branch),
    branch,
    departments: children.filter((child) => child.isDepartment),
    institutions: children.filter((child) => !child.isDepartment),
    services: services.resources.map(printService),
    isComplete: below.next === undefined && services.next === undefined,
  };
}

async function placesOf(directory: Directory, resource: JsonObject) {
  const { division } = printInstitution(resource);
  if (division === '') return [];
  return branchOf(directory.pool, division, todayOf(directory)).catch((error: unknown) => {
    if (error instanceof Failure) return [];
    throw error;
  });
}

/** Who is registered at an institution or its departments, a page at a time, with what will end soon. */
export async function findStaff(
  directory: Directory,
  id: string,
  { cursor, role, isOpen }: { cursor?: string | undefined; role?: string | undefined; isOpen: boolean },
) {
  const resource = await readResource(directory, directory.pool, 'Organization', id);
  const departments = isDepartment(resource)
    ? []
    : (
        await searchAll(directory, undefined, 'Organization', [
          ['partof', id],
          ['type', `${systems.organizationType}|dept`],
          ['_count', `${mostListed}`],
        ])
      ).resources;
  const places = [id, ...departments.map((department) => `${department.id}`)].join(',');
  const parameters: [string, string][] = [
    ['organization', places],
    ['_include', 'PractitionerRole:practitioner'],
    ['_count', `${pageLength}`],
    ['_total', 'accurate'],
    ...(isOpen ? [['active', 'true'] as [string, string]] : []),
    ...(role ? [['role', `${systems.role}|${role}`] as [string, string]] : []),
    ...(cursor ? [['_cursor', cursor] as [string, string]] : []),
  ];
  const { resources, included, total, next } = await searchAll(directory, undefined, 'PractitionerRole', parameters);
  const people = new Map(included.map((person) => [`${person.id}`, printProfessional(person)]));
  const today = todayOf(directory);
  return { staff: resources.map((one) => withPerson(printRegistration(one), people, today)), total, next };
}

export function withPerson(
  registration: ReturnType<typeof printRegistration>,
  people: ReadonlyMap<string, ReturnType<typeof printProfessional>>,
  today: string,
) {
  const person = people.get(registration.practitioner);
  return {
    ...registration,
    person,
    expiry: registration.isActive ? expiryOf(registration.until, today) : undefined,
    licenceExpiry: person ? expiryOf(person.licensedUntil, today) : undefined,
  };
}
