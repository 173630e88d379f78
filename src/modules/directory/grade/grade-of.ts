import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type Directory, readResource, searchAll } from '../dependencies.ts';
import { isDepartment, printInstitution } from '../organization.ts';
import { printProfessional } from '../practitioner.ts';
import { printRegistration } from '../registration.ts';
import { checkGrade, type Finding, type Inventory } from './check-grade.ts';
import { type Checklist, checklists } from './requirement.ts';

const mostStaff = 20_000;

export interface GradeReport {
  /** Undefined where no checklist is known for the kind and level. */
  checklist: Omit<Checklist, 'requirements'> | undefined;
  findings: Finding[];
  staff: number;
  departments: string[];
}

/** What an institution has of what its level asks for: counted in the directory, or declared by it. */
export async function gradeOf(directory: Directory, id: string): Promise<GradeReport> {
  const organization = await readResource(directory, directory.pool, 'Organization', id);
  const { kind, grade, figures } = printInstitution(organization);
  const checklist = checklists.get(`${kind}-${grade === '' ? '0' : grade.charAt(0)}`);
  const { departments, staff } = await takeInventory(directory, id);
  const inventory: Inventory = { figures, departments, staff };
  const { requirements: _, ...described } = checklist ?? { requirements: [] };
  return {
    checklist: checklist && (described as Omit<Checklist, 'requirements'>),
    findings: checklist ? checkGrade(checklist, inventory) : [],
    staff: staff.length,
    departments: [...departments].sort(),
  };
}

async function takeInventory(directory: Directory, id: string) {
  const departments = new Set<string>();
  const below = await walk(directory, 'Organization', [['partof', id]]);
  for (const { resource } of below) if (isDepartment(resource)) departments.add(printInstitution(resource).department);
  const people = new Map<string, { roles: string[]; title: string | undefined }>();
  const places = [`organization`, `organization:Organization.partof`];
  for (const place of places) {
    for (const { resource, included } of await walk(directory, 'PractitionerRole', [
      [place, id],
      ['_include', 'PractitionerRole:practitioner'],
    ])) {
      const { practitioner, role, department } = printRegistration(resource);
      if (department !== '') departments.add(department);
      const known = people.get(practitioner) ?? { roles: [], title: titleOf(included.get(practitioner)) };
      known.roles.push(role);
      people.set(practitioner, known);
    }
  }
  departments.delete('');
  return { departments, staff: [...people.values()] };
}

const titleOf = (practitioner: JsonObject | undefined): string | undefined =>
  practitioner ? printProfessional(practitioner).title || undefined : undefined;

/** All that is active; fails rather than count a part. */
async function walk(directory: Directory, type: string, parameters: readonly (readonly [string, string])[]) {
  const found: { resource: JsonObject; included: Map<string, JsonObject> }[] = [];
  let cursor: string | undefined;
  do {
    const own = [
      ...parameters,
      ['active', 'true'],
      ['_count', '500'],
      ...(cursor ? [['_cursor', cursor] as const] : []),
    ] as const;
    const page = await searchAll(directory, undefined, type, own);
    const included = new Map(page.included.map((resource) => [`${resource.id}`, resource]));
    found.push(...page.resources.map((resource) => ({ resource, included })));
    if (found.length > mostStaff)
      throw new Failure('too-costly', `More than ${mostStaff} entries would have to be counted.`);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}
