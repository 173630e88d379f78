import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { branchOf } from '#modules/division/index.ts';
import { type Branch, branchToEdit, requireInBranch } from './branch.ts';
import {
  type Directory,
  findOther,
  findResource,
  readResource,
  todayOf,
  toResource,
  writeResources,
} from './dependencies.ts';
import { Fields, type Input } from './fields.ts';
import {
  departmentKey,
  departmentToResource,
  divisionOfResource,
  type Institution,
  institutionToResource,
  isDepartment,
  parseInstitution,
  phonePattern,
  phoneSentence,
  printInstitution,
} from './organization.ts';
import { lockDirectory } from './queries.ts';
import { identifierIn, idOfReference, listOf, textOf } from './resource-parts.ts';
import { extensions, systems } from './systems.ts';

export interface Edit {
  /** Drawn by whoever sends it, so that a request that is repeated writes once. */
  id: string;
  /** Of the version that was edited; undefined for a new one. */
  version?: number | undefined;
  input: Input;
}

/** Puts an institution in, or changes it. Fails with one issue for each field that is wrong. */
export async function editInstitution(directory: Directory, access: Access, edit: Edit) {
  const institution = parseInstitution(edit.input);
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const before = await findResource(directory, transaction, 'Organization', edit.id);
    if (before && isDepartment(before)) throw new Failure('business-rule', 'This is a department. Edit it as one.');
    const resource = await buildInstitution(directory, transaction, { branch, institution, before, id: edit.id });
    return write(directory, transaction, access, {
      ...edit,
      type: 'Organization',
      resource,
      isThere: before !== undefined,
      interaction: 'directory.edited-institution',
    });
  });
  return printInstitution(toResource(content));
}

/** The resource of an institution, checked against all that it refers to. */
export async function buildInstitution(
  directory: Directory,
  transaction: Transaction,
  {
    branch,
    institution,
    before,
    id,
  }: { branch: Branch; institution: Institution; before: JsonObject | undefined; id: string },
): Promise<JsonObject> {
  if (before) await requireOwn(directory, transaction, branch, before);
  requireInBranch(branch, institution.division);
  const places = await branchOf(directory.pool, institution.division, todayOf(directory));
  const [division] = places;
  if (!division) throw fieldFault('division', `There is no division ${institution.division}. Look it up by its name.`);
  await requireFreeIdentifiers(directory, transaction, institution, id);
  const parent =
    institution.parent === undefined ? undefined : await readParent(directory, transaction, institution.parent, id);
  return institutionToResource(institution, {
    before: before ?? {},
    division,
    branch: places,
    parentName: parent && textOf(parent.name),
  });
}

export const fieldFault = (field: string, diagnostics: string, code: 'value' | 'conflict' = 'value'): Failure =>
  new Failure(code, diagnostics, [{ severity: 'error', code, diagnostics, expression: field }]);

async function requireFreeIdentifiers(
  directory: Directory,
  transaction: Transaction,
  institution: Institution,
  id: string,
): Promise<void> {
  for (const field of ['creditCode', 'institutionCode', 'insuranceCode'] as const) {
    const value = institution[field];
    if (value === undefined) continue;
    const other = await findOther(directory, transaction, { type: 'Organization', system: systems[field], value, id });
    if (other) throw fieldFault(field, `Organization/${other} has the code ${value} already.`, 'conflict');
  }
}

const deepest = 20;

/** The organisation above; fails when it is closed, or lies below the one that is edited. */
async function readParent(
  directory: Directory,
  transaction: Transaction,
  parentId: string,
  id: string,
): Promise<JsonObject> {
  const parent = await findResource(directory, transaction, 'Organization', parentId);
  if (!parent) throw fieldFault('parent', `There is no Organization/${parentId}.`);
  if (parent.active === false) throw fieldFault('parent', `${textOf(parent.name)} is closed.`);
  let above: JsonObject | undefined = parent;
  for (let step = 0; above && step < deepest; step++) {
    if (above.id === id) throw fieldFault('parent', 'An organisation cannot belong to itself, or to one below it.');
    const next = idOfReference(above.partOf, 'Organization');
    above = next === undefined ? undefined : await findResource(directory, transaction, 'Organization', next);
  }
  return parent;
}

export interface CheckedEdit extends Omit<Edit, 'input'> {
  type: string;
  resource: JsonObject;
  isThere: boolean;
  interaction: string;
}

/** Writes one edited resource: a new one must not be there yet, unless it says the same; an old one must be unchanged since. */
export async function write(
  directory: Directory,
  transaction: Transaction,
  access: Access,
  { type, id, version, resource, isThere, interaction }: CheckedEdit,
): Promise<string> {
  if (version !== undefined && !isThere) throw new Failure('not-found', `There is no ${type}/${id} to be changed.`);
  const [outcome] = await writeResources(directory, transaction, access, [
    { type, id, resource, expectedVersion: version, interaction },
  ]);
  if (outcome?.content === undefined) throw new Error(`${type}/${id} was not written`);
  if (version === undefined && outcome.status === 'updated') {
    throw new Failure(
      'conflict',
      `${type}/${id} is there already, with other content. Open it, and edit what it says now.`,
    );
  }
  return outcome.content;
}

/** Puts a department of an institution in, or changes it; another `parent` moves it there. */
export async function editDepartment(directory: Directory, access: Access, edit: Edit) {
  const branch = await branchToEdit(directory, access);
  const content = await inTransaction(directory.pool, async (transaction) => {
    await lockDirectory(transaction);
    const before = await findResource(directory, transaction, 'Organization', edit.id);
    const { resource } = await buildDepartment(directory, transaction, branch, {
      input: edit.input,
      before,
      id: edit.id,
    });
    await requireOnlyOne(directory, transaction, resource, edit.id);
    const interaction = 'directory.edited-department';
    return write(directory, transaction, access, {
      ...edit,
      type: 'Organization',
      resource,
      isThere: before !== undefined,
      interaction,
    });
  });
  return printInstitution(toResource(content));
}

/** A department by institution, subject and name: the one that is there, or a new one. */
export async function planDepartment(directory: Directory, transaction: Transaction, branch: Branch, input: Input) {
  const { key } = parseDepartment(input);
  const wanted = { type: 'Organization', system: systems.departmentKey, value: key, id: '' };
  const known = await findOther(directory, transaction, wanted);
  const before = known === undefined ? undefined : await findResource(directory, transaction, 'Organization', known);
  const id = known ?? directory.newId();
  const { resource } = await buildDepartment(directory, transaction, branch, { input, before, id });
  return { key, resource, id };
}

function parseDepartment(input: Input) {
  const fields = new Fields(input);
  const parent = fields.matching('parent', /^[A-Za-z0-9.-]{1,64}$/, 'Choose an organisation of the directory.', true);
  const code = fields.term('department', 'departments', true);
  const name = fields.text('name', { most: 120 }) ?? code?.zh;
  const english = fields.text('english') ?? (name === code?.zh ? code?.en : undefined);
  const phone = fields.matching('phone', phonePattern, phoneSentence);
  fields.done();
  if (!parent || !code || !name) throw new Error('Fields that are required were found and are not there');
  return { parent, department: { name, english, code, phone }, key: departmentKey(parent, code, name) };
}

async function buildDepartment(
  directory: Directory,
  transaction: Transaction,
  branch: Branch,
  { input, before, id }: { input: Input; before: JsonObject | undefined; id: string },
): Promise<{ resource: JsonObject }> {
  const { parent: parentId, department } = parseDepartment(input);
  if (before && !isDepartment(before)) throw new Failure('business-rule', 'This is an institution, not a department.');
  const parent = await readParent(directory, transaction, parentId, id);
  requireInBranch(branch, divisionOfResource(parent) ?? '');
  if (before) await requireOwn(directory, transaction, branch, before);
  const division = listOf(parent.extension).find(({ url }) => url === extensions.division);
  const parentName = textOf(parent.name) ?? '';
  return {
    resource: departmentToResource(department, { before: before ?? {}, parent: parentId, parentName, division }),
  };
}

async function requireOnlyOne(
  directory: Directory,
  transaction: Transaction,
  resource: JsonObject,
  id: string,
): Promise<void> {
  const value = identifierIn(resource, systems.departmentKey) ?? '';
  const system = systems.departmentKey;
  const other = await findOther(directory, transaction, { type: 'Organization', system, value, id });
  if (!other) return;
  throw fieldFault('name', `The institution has a department of this name already: Organization/${other}.`, 'conflict');
}

/** Fails unless it lies in the branch; a department lies where the institution lies to which it belongs now. */
export async function requireOwn(
  directory: Directory,
  transaction: Transaction,
  branch: Branch,
  organization: JsonObject,
): Promise<void> {
  const parentId = isDepartment(organization) ? idOfReference(organization.partOf, 'Organization') : undefined;
  const parent =
    parentId === undefined ? undefined : await findResource(directory, transaction, 'Organization', parentId);
  requireInBranch(branch, divisionOfResource(parent ?? organization) ?? divisionOfResource(organization) ?? '');
}

/** The institution of something that is edited, open and within the branch. */
export async function requireInstitution(
  directory: Directory,
  transaction: Transaction,
  branch: Branch,
  id: string,
): Promise<JsonObject> {
  const organization = await readResource(directory, transaction, 'Organization', id);
  if (organization.active === false) throw fieldFault('organization', `${textOf(organization.name)} is closed.`);
  await requireOwn(directory, transaction, branch, organization);
  return organization;
}
