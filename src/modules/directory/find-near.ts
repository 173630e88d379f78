import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { branchOf, parseDivisionCode, significantDigits } from '#modules/division/index.ts';
import { type Directory, findResource, searchAll, todayOf } from './dependencies.ts';
import { kindCodes, nameParameters } from './find-organizations.ts';
import { divisionOfResource, printInstitution } from './organization.ts';
import { listOf } from './resource-parts.ts';
import { extensions, systems } from './systems.ts';

export interface NearFilter {
  /** From where: the code of a village, a town, a county ... */
  division: string;
  kind?: string | undefined;
  text?: string | undefined;
}

const mostFound = 50;

/** What everybody may know of an institution. */
function printOpenly(resource: JsonObject) {
  const { id, name, english, kind, grade, division, address, phone } = printInstitution(resource);
  return { id, name, english, kind, grade, division, address, phone };
}

/**
 * Institutions from the nearest division outwards: those of the village, the town, the county, the city. Ends with the first
 * circle in which there are enough.
 */
export async function findNear(directory: Directory, { division, kind, text }: NearFilter) {
  const circles = (await branchOf(directory.pool, parseDivisionCode(division), todayOf(directory))).slice(0, -1);
  const found = new Map<
    string,
    ReturnType<typeof printOpenly> & { within: string; withinName: string; withinEnglish: string }
  >();
  let isComplete = true;
  for (const circle of circles) {
    const { resources, next } = await searchAll(directory, undefined, 'Organization', [
      [
        'type',
        kindCodes(kind)
          .map((code) => `${systems.kind}|${code}`)
          .join(','),
      ],
      ['active', 'true'],
      ['division', significantDigits(circle.code)],
      ...nameParameters(text),
      ['_sort', 'name'],
      ['_count', `${mostFound + found.size}`],
    ]);
    const within = { within: circle.code, withinName: circle.name, withinEnglish: circle.english };
    for (const resource of resources) {
      if (!found.has(`${resource.id}`)) found.set(`${resource.id}`, { ...printOpenly(resource), ...within });
    }
    isComplete = next === undefined;
    if (found.size >= mostFound || !isComplete) break;
  }
  return {
    from: circles[0],
    institutions: [...found.values()].slice(0, mostFound),
    isComplete: isComplete && found.size <= mostFound,
  };
}

/** Where a resident lives, by their own record. */
export async function homeOf(directory: Directory, reference: string): Promise<string | undefined> {
  const [type, id = ''] = reference.split('/');
  if (type !== 'Patient') {
    const organization =
      type === 'Organization' ? await findResource(directory, directory.pool, 'Organization', id) : undefined;
    return organization && divisionOfResource(organization);
  }
  const patient = await findResource(directory, directory.pool, 'Patient', id);
  const address = listOf(patient?.address).find(({ use }) => use === 'home') ?? listOf(patient?.address)[0];
  const coding = listOf(address?.extension).find(({ url }) => url === extensions.division)?.valueCoding;
  return isJsonObject(coding) && typeof coding.code === 'string' ? coding.code : undefined;
}
