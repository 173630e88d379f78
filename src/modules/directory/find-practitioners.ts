import { type Directory, readResource, searchAll, todayOf } from './dependencies.ts';
import { divisionParameters, pageLength, withPerson } from './find-organizations.ts';
import { printProfessional } from './practitioner.ts';
import { printRegistration } from './registration.ts';
import { systems } from './systems.ts';

export interface PractitionerFilter {
  text?: string | undefined;
  role?: string | undefined;
  division?: string | undefined;
  cursor?: string | undefined;
}

/** People who work in health care, by name, pinyin or licence; with a role or a branch, those registered so. */
export async function findPractitioners(directory: Directory, filter: PractitionerFilter) {
  const parameters: [string, string][] = [
    ['_sort', 'family,name'],
    ['_count', `${pageLength}`],
    ['_total', 'accurate'],
    ['_revinclude', 'PractitionerRole:practitioner'],
  ];
  const text = filter.text?.trim().slice(0, 100) ?? '';
  if (/^\d{6,30}$/.test(text)) parameters.push(['identifier', `${systems.licence}|${text}`]);
  else
    for (const word of text.split(/\s+/).filter(Boolean))
      parameters.push(['name:contains', word.replaceAll(/[\\,$|]/g, '\\$&')]);
  if (filter.role) parameters.push(['_has:PractitionerRole:practitioner:role', `${systems.role}|${filter.role}`]);
  if (filter.division) {
    const [own] = await divisionParameters(directory, filter.division);
    if (own) parameters.push(['_has:PractitionerRole:practitioner:organization.division', own[1]]);
  }
  if (filter.cursor) parameters.push(['_cursor', filter.cursor]);
  const { resources, included, total, next } = await searchAll(directory, undefined, 'Practitioner', parameters);
  const registrations = Map.groupBy(included.map(printRegistration), ({ practitioner }) => practitioner);
  const today = todayOf(directory);
  const practitioners = resources.map((resource) => {
    const person = printProfessional(resource);
    const own = (registrations.get(person.id) ?? []).filter(({ isActive }) => isActive);
    return { ...person, registrations: own.map((one) => withPerson(one, new Map(), today)) };
  });
  return { practitioners, total, next };
}

/** Somebody with all their registrations, those that ended last. */
export async function describePractitioner(directory: Directory, id: string) {
  const resource = await readResource(directory, directory.pool, 'Practitioner', id);
  const { resources, next } = await searchAll(directory, undefined, 'PractitionerRole', [
    ['practitioner', `Practitioner/${id}`],
    ['_count', '200'],
  ]);
  const person = printProfessional(resource);
  const people = new Map([[person.id, person]]);
  const registrations = resources.map((one) => withPerson(printRegistration(one), people, todayOf(directory)));
  registrations.sort(
    (left, right) => Number(right.isActive) - Number(left.isActive) || Number(right.isMain) - Number(left.isMain),
  );
  return { practitioner: person, registrations, isComplete: next === undefined };
}
