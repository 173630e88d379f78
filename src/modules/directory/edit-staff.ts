import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { type Branch, branchToEdit } from './branch.ts';
import {
  type Directory,
  findOther,
  findResource,
  readResource,
  searchAll,
  todayOf,
  toResource,
} from './dependencies.ts';
import { type Edit, fieldFault, requireInstitution, write } from './edit-organization.ts';
import { parseService, printService, serviceToResource } from './offered-service.ts';
import { parseProfessional, printProfessional, professionalToResource } from './practitioner.ts';
import { lockDirectory } from './queries.ts';
import { parseRegistration, printRegistration, type Registration, registrationToResource } from './registration.ts';
import { idOfReference, listOf, textOf } from './resource-parts.ts';
import { systems } from './systems.ts';

/** Puts somebody who works in health care in, or changes what is known of them. */
export async function editProfessional(directory: Directory, access: Access, edit: Edit) {
  const professional = parseProfessional(edit.input, todayOf(directory));
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const before = await findResource(directory, transaction, 'Practitioner', edit.id);
    if (before) await requireStaffOfBranch(directory, transaction, branch, edit.id);
    await requireFreeLicence(directory, transaction, professional.licence, edit.id);
    const resource = professionalToResource(professional, before ?? {});
    return write(directory, transaction, access, {
      ...edit,
      type: 'Practitioner',
      resource,
      isThere: before !== undefined,
      interaction: 'directory.edited-practitioner',
    });
  });
  return printProfessional(toResource(content));
}

async function requireFreeLicence(
  directory: Directory,
  transaction: Transaction,
  licence: string,
  id: string,
): Promise<void> {
  const wanted = { type: 'Practitioner', system: systems.licence, value: licence, id };
  const other = await findOther(directory, transaction, wanted);
  if (other) throw fieldFault('licence', `Practitioner/${other} has the licence ${licence} already.`, 'conflict');
}

/** Whoever is registered somewhere is changed by the administrators of one of these places; others by any administrator. */
async function requireStaffOfBranch(
  directory: Directory,
  transaction: Transaction,
  branch: Branch,
  id: string,
): Promise<void> {
  if (branch.division === undefined) return;
  const { resources } = await searchAll(directory, transaction, 'PractitionerRole', [
    ['practitioner', `Practitioner/${id}`],
    ['active', 'true'],
    ['_count', '50'],
  ]);
  if (resources.length === 0) return;
  let refused: Failure | undefined;
  for (const role of resources) {
    try {
      await requireInstitution(directory, transaction, branch, idOfReference(role.organization, 'Organization') ?? '');
      return;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      refused = failure;
    }
  }
  if (refused) throw refused;
}

/** Registers somebody at an institution, or changes a registration. */
export async function editRegistration(directory: Directory, access: Access, edit: Edit) {
  const registration = parseRegistration(edit.input);
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const before = await findResource(directory, transaction, 'PractitionerRole', edit.id);
    const place = before && idOfReference(before.organization, 'Organization');
    if (place !== undefined && place !== registration.organization) {
      throw fieldFault('organization', 'A registration stays at its place. End it, and register them elsewhere.');
    }
    const resource = await buildRegistration(directory, transaction, { branch, registration, before, id: edit.id });
    return write(directory, transaction, access, {
      ...edit,
      type: 'PractitionerRole',
      resource,
      isThere: before !== undefined,
      interaction: 'directory.edited-registration',
    });
  });
  return printRegistration(toResource(content));
}

export async function buildRegistration(
  directory: Directory,
  transaction: Transaction,
  {
    branch,
    registration,
    before,
    id,
  }: { branch: Branch; registration: Registration; before: JsonObject | undefined; id: string },
): Promise<JsonObject> {
  const organization = await requireInstitution(directory, transaction, branch, registration.organization);
  const practitioner = await readResource(directory, transaction, 'Practitioner', registration.practitioner);
  if (registration.isMain) await requireOneMain(directory, transaction, registration, id);
  const names = {
    practitioner: textOf(listOf(practitioner.name)[0]?.text) ?? '',
    organization: textOf(organization.name) ?? '',
  };
  return registrationToResource(registration, { before: before ?? {}, names, today: todayOf(directory) });
}

async function requireOneMain(
  directory: Directory,
  transaction: Transaction,
  registration: Registration,
  id: string,
): Promise<void> {
  const { resources } = await searchAll(directory, transaction, 'PractitionerRole', [
    ['practitioner', `Practitioner/${registration.practitioner}`],
    ['active', 'true'],
    ['_count', '100'],
  ]);
  const main = resources.map(printRegistration).find((other) => other.isMain && other.id !== id);
  if (main)
    throw fieldFault(
      'isMain',
      `Their first place of practice is ${main.organizationName}. End that first, or register this one beside it.`,
      'conflict',
    );
}

/** Puts a service of an institution in, or changes it. */
export async function editService(directory: Directory, access: Access, edit: Edit) {
  const service = parseService(edit.input);
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const before = await findResource(directory, transaction, 'HealthcareService', edit.id);
    const place = before && idOfReference(before.providedBy, 'Organization');
    if (place !== undefined) await requireInstitution(directory, transaction, branch, place);
    const organization = await requireInstitution(directory, transaction, branch, service.organization);
    const resource = serviceToResource(service, before ?? {}, textOf(organization.name) ?? '');
    return write(directory, transaction, access, {
      ...edit,
      type: 'HealthcareService',
      resource,
      isThere: before !== undefined,
      interaction: 'directory.edited-service',
    });
  });
  return printService(toResource(content));
}
