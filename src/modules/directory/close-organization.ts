import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { branchToEdit } from './branch.ts';
import {
  type Directory,
  type DirectoryWrite,
  readResource,
  searchAll,
  todayOf,
  toResource,
  writeResources,
} from './dependencies.ts';
import { requireInstitution, requireOwn } from './edit-organization.ts';
import { isDepartment, printInstitution } from './organization.ts';
import { lockDirectory } from './queries.ts';

export interface Closing {
  id: string;
  version: number;
  /** Also closes its departments and services, and ends the registrations there. */
  withAll: boolean;
}

const most = 2000;

/**
 * Closes an organisation: it stays, and what refers to it keeps its meaning, but nothing new can be registered there. Refused
 * while something is open there, unless that is closed too; institutions below it have to be given to another one first.
 */
export async function closeOrganization(directory: Directory, access: Access, closing: Closing) {
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const organization = await requireInstitution(directory, transaction, branch, closing.id);
    const open = await findOpen(directory, transaction, closing.id);
    refuseWhatStays(open, closing.withAll);
    const today = todayOf(directory);
    const interaction = 'directory.closed-organization';
    const writes: DirectoryWrite[] = [
      {
        type: 'Organization',
        id: closing.id,
        resource: { ...organization, active: false },
        expectedVersion: closing.version,
        interaction,
      },
      ...[...open.departments, ...open.services].map((resource) => closed(resource, interaction)),
      ...open.registrations.map((resource) => closed({ ...resource, period: endOn(resource, today) }, interaction)),
    ];
    const [outcome] = await writeResources(directory, transaction, access, writes);
    return outcome?.content ?? '';
  });
  return printInstitution(toResource(content));
}

export async function reopenOrganization(
  directory: Directory,
  access: Access,
  { id, version }: Omit<Closing, 'withAll'>,
) {
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const organization = await readResource(directory, transaction, 'Organization', id);
    await requireOwn(directory, transaction, branch, organization);
    const resource = { ...organization, active: true };
    const [outcome] = await writeResources(directory, transaction, access, [
      { type: 'Organization', id, resource, expectedVersion: version, interaction: 'directory.reopened-organization' },
    ]);
    return outcome?.content ?? '';
  });
  return printInstitution(toResource(content));
}

interface Open {
  institutions: JsonObject[];
  departments: JsonObject[];
  services: JsonObject[];
  registrations: JsonObject[];
}

async function findOpen(directory: Directory, transaction: Transaction, id: string): Promise<Open> {
  const find = async (type: string, parameter: readonly [string, string]) => {
    const parameters = [parameter, ['active', 'true'], ['_count', '1000']] as const;
    const { resources, next } = await searchAll(directory, transaction, type, parameters);
    if (next !== undefined) throw tooMuch();
    return resources;
  };
  const below = await find('Organization', ['partof', id]);
  const departments = below.filter(isDepartment);
  const places = [id, ...departments.map((department) => `${department.id}`)].join(',');
  const open = {
    institutions: below.filter((organization) => !isDepartment(organization)),
    departments,
    services: await find('HealthcareService', ['organization', places]),
    registrations: await find('PractitionerRole', ['organization', places]),
  };
  if (departments.length + open.services.length + open.registrations.length > most) throw tooMuch();
  return open;
}

const tooMuch = () =>
  new Failure(
    'too-costly',
    `More than ${most} things are open there, too many for one step. Close departments one by one first.`,
  );

function refuseWhatStays({ institutions, departments, services, registrations }: Open, withAll: boolean): void {
  if (institutions.length > 0) {
    throw new Failure(
      'business-rule',
      `${institutions.length} institutions belong to it, such as ${institutions[0]?.name}. Give them to another one first.`,
    );
  }
  if (withAll || departments.length + services.length + registrations.length === 0) return;
  throw new Failure(
    'business-rule',
    `Still open there: ${departments.length} departments, ${services.length} services, ${registrations.length} registrations. Close them too, or first.`,
  );
}

const closed = (resource: JsonObject, interaction: string): DirectoryWrite => ({
  type: `${resource.resourceType}`,
  id: `${resource.id}`,
  resource: { ...resource, active: false },
  interaction,
});

function endOn({ period }: JsonObject, today: string): JsonObject {
  const known = isJsonObject(period) ? period : {};
  return typeof known.end === 'string' && known.end < today ? known : { ...known, end: today };
}
