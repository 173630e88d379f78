import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { Branch } from '../branch.ts';
import { type Directory, type DirectoryWrite, findResource, searchAll, todayOf } from '../dependencies.ts';
import { buildInstitution, fieldFault, planDepartment, requireInstitution } from '../edit-organization.ts';
import { buildRegistration } from '../edit-staff.ts';
import { parseService, serviceToResource } from '../offered-service.ts';
import { parseInstitution, printInstitution } from '../organization.ts';
import { parseProfessional, professionalToResource } from '../practitioner.ts';
import { parseRegistration, printRegistration } from '../registration.ts';
import { textOf } from '../resource-parts.ts';
import { systems } from '../systems.ts';
import type { ImportKind } from './columns.ts';

interface Planning {
  directory: Directory;
  branch: Branch;
  transaction: Transaction;
}

type Cells = Readonly<Record<string, string>>;

interface Planned {
  /** What it is about; a file names each once. */
  key: string;
  write: DirectoryWrite;
}

/** Turn a row into what is written for it; fail with what is wrong with it. */
export const planners: Readonly<Record<ImportKind, (planning: Planning, cells: Cells) => Promise<Planned>>> = {
  organizations: planOrganization,
  departments: planDepartmentRow,
  practitioners: planPractitioner,
  registrations: planRegistration,
  services: planService,
};

async function planOrganization(planning: Planning, cells: Cells): Promise<Planned> {
  const { directory, transaction, branch } = planning;
  const parent = cells.parentInstitution
    ? await idOfInstitution(planning, cells.parentInstitution, 'parentInstitution')
    : '';
  const typed = parseInstitution({ ...cells, parent, figures: cells.beds ? { beds: cells.beds } : {} });
  const code = typed.creditCode ?? typed.institutionCode ?? '';
  const known = await findInstitution(planning, code);
  const before = known === undefined ? undefined : await findResource(directory, transaction, 'Organization', known);
  const id = known ?? directory.newId();
  // What the file does not speak of stays: figures that were declared by hand, the organisation above.
  const was = before && printInstitution(before);
  const institution = {
    ...typed,
    parent: typed.parent ?? (was?.parent || undefined),
    figures: { ...was?.figures, ...typed.figures },
  };
  const resource = await buildInstitution(directory, transaction, { branch, institution, before, id });
  return { key: code, write: writeOf('Organization', id, resource) };
}

async function planDepartmentRow(planning: Planning, cells: Cells): Promise<Planned> {
  const { directory, transaction, branch } = planning;
  const parent = await idOfInstitution(planning, cells.institution ?? '', 'institution');
  const { key, resource, id } = await planDepartment(directory, transaction, branch, { ...cells, parent });
  return { key, write: writeOf('Organization', id, resource) };
}

async function planPractitioner({ directory, transaction }: Planning, cells: Cells): Promise<Planned> {
  const professional = parseProfessional(cells, todayOf(directory));
  const known = await findByIdentifier(directory, transaction, 'Practitioner', systems.licence, professional.licence);
  const before = known === undefined ? undefined : await findResource(directory, transaction, 'Practitioner', known);
  const id = known ?? directory.newId();
  return {
    key: professional.licence,
    write: writeOf('Practitioner', id, professionalToResource(professional, before ?? {})),
  };
}

async function planRegistration(planning: Planning, cells: Cells): Promise<Planned> {
  const { directory, transaction, branch } = planning;
  const organization = await idOfInstitution(planning, cells.institution ?? '', 'institution');
  const practitioner = await findByIdentifier(
    directory,
    transaction,
    'Practitioner',
    systems.licence,
    cells.licence ?? '',
  );
  if (!practitioner)
    throw fieldFault('licence', `Nobody has the licence ${cells.licence}. Import the practitioners first.`);
  const registration = parseRegistration({ ...cells, practitioner, organization });
  const { resources } = await searchAll(directory, transaction, 'PractitionerRole', [
    ['practitioner', `Practitioner/${practitioner}`],
    ['organization', `Organization/${organization}`],
    ['role', `${systems.role}|${registration.role.code}`],
    ['_count', '100'],
  ]);
  const department = registration.department?.code ?? '';
  const before = resources.find((resource) => printRegistration(resource).department === department) as
    | JsonObject
    | undefined;
  const id = before ? `${before.id}` : directory.newId();
  const resource = await buildRegistration(directory, transaction, { branch, registration, before, id });
  return {
    key: [practitioner, organization, registration.role.code, department].join('/'),
    write: writeOf('PractitionerRole', id, resource),
  };
}

async function planService(planning: Planning, cells: Cells): Promise<Planned> {
  const { directory, transaction, branch } = planning;
  const organizationId = await idOfInstitution(planning, cells.institution ?? '', 'institution');
  const service = parseService({ ...cells, organization: organizationId });
  const organization = await requireInstitution(directory, transaction, branch, organizationId);
  const key = `${organizationId}/${service.name}`;
  const known = await findByIdentifier(directory, transaction, 'HealthcareService', systems.serviceKey, key);
  const before = known ? await findResource(directory, transaction, 'HealthcareService', known) : undefined;
  const resource = serviceToResource(service, before ?? {}, textOf(organization.name) ?? '');
  return { key, write: writeOf('HealthcareService', known ?? directory.newId(), resource) };
}

const writeOf = (type: string, id: string, resource: JsonObject): DirectoryWrite => ({
  type,
  id,
  // As it will be stored: rows are checked before.
  resource: { ...resource, id },
  interaction: 'directory.imported',
});

async function idOfInstitution(planning: Planning, code: string, field: string): Promise<string> {
  const id = await findInstitution(planning, code);
  if (id !== undefined) return id;
  throw fieldFault(field, `No institution has the code "${code.slice(0, 40)}". Import the organisations first.`);
}

/** By its unified social credit code, or the institution code where it has none. */
async function findInstitution({ directory, transaction }: Planning, code: string): Promise<string | undefined> {
  if (code === '') return undefined;
  return (
    (await findByIdentifier(directory, transaction, 'Organization', systems.creditCode, code.toUpperCase())) ??
    (await findByIdentifier(directory, transaction, 'Organization', systems.institutionCode, code))
  );
}

async function findByIdentifier(
  { search }: Directory,
  transaction: Transaction,
  type: string,
  system: string,
  value: string,
): Promise<string | undefined> {
  const query = `${new URLSearchParams({ identifier: `${system}|${value}` })}`;
  const [found, second] = await search.findMatches(transaction, { type, query, restriction: undefined });
  if (second) throw new Failure('multiple-matches', `Two have the code ${value.slice(0, 40)}. Put that right first.`);
  return found?.id;
}
