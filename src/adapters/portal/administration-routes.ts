import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import {
  addAccount,
  giveRole,
  isPersonRole,
  type Listed,
  listPeople,
  type PersonRole,
  resetAccount,
  setLock,
  standingRoles,
  takeRole,
  type Words,
} from '#modules/account/index.ts';
import { readBody } from './body.ts';
import type { PortalContext } from './portal-context.ts';

/** Somebody who may sign in, as administrators see them. */
export interface PersonView extends Omit<Listed, 'roles'> {
  roles: {
    id: string;
    role: PersonRole;
    organization: string | null;
    organizationName: Words | null;
    from: number;
    until: number | null;
    isOver: boolean;
  }[];
}

export interface PeopleView {
  people: PersonView[];
  next: string | null;
}

/** Accounts are kept by the administrators of the branch in which their roles are held. */
export interface AdministrationContext extends PortalContext {
  /** Fails with `forbidden` unless whoever asks looks after all that these roles are held at. */
  requireBranch(access: Access, roles: readonly Office[]): Promise<void>;
}

/** A role as far as it says where it is held. */
export interface Office {
  role: PersonRole;
  organization?: string | undefined;
}

interface ById {
  Params: { id: string };
}

/** Who may sign in and as what: for administrators, from the portal or with a token. */
export function registerAdministrationRoutes(app: FastifyInstance, context: AdministrationContext): void {
  const { accounts, authentication } = context;
  const actorFor = createActorFor(context);
  /** What is done with the whole account is done by whoever looks after all its roles. */
  const keeperOf = async (request: FastifyRequest, id: string) => {
    requireAdministrator(request);
    return actorFor(request, await standingRoles(accounts, id));
  };
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  app.get<{ Querystring: Record<string, unknown> }>('/people', async (request): Promise<PeopleView> => {
    requireAdministrator(request);
    const { q = '', after = '' } = request.query;
    if (typeof q !== 'string' || typeof after !== 'string') throw new Failure('value', 'Send q and after once each.');
    const { people, next } = await listPeople(accounts, { text: q.slice(0, 100), after: after.slice(0, 100) });
    return { people: await viewPeople(context, people), next: next ?? null };
  });

  app.post('/people', async (request, reply) => {
    requireAdministrator(request);
    const body = readBody(request.body, {
      name: 'text',
      phone: 'optional text',
      reference: 'text',
      nameZh: 'text',
      nameEn: 'text',
      role: 'text',
      organization: 'optional text',
    });
    const role = parseRole(body.role, body.organization);
    const actor = await actorFor(request, [role]);
    const { account, code } = await addAccount(accounts, actor, {
      name: body.name,
      phone: body.phone,
      reference: body.reference,
      display: { zh: displayName(body.nameZh), en: displayName(body.nameEn) },
      roles: [role],
    });
    return reply.code(201).send({ id: account.id, name: account.name, code });
  });

  registerRoles(app, context);

  for (const [path, isLocked] of [
    ['lock', true],
    ['unlock', false],
  ] as const) {
    app.post<ById>(`/people/:id/${path}`, async (request) => {
      await setLock(accounts, await keeperOf(request, request.params.id), request.params.id, isLocked);
      authentication.forget();
      return {};
    });
  }

  app.post<ById>('/people/:id/reset', async (request) => {
    const actor = await keeperOf(request, request.params.id);
    const code = await resetAccount(accounts, actor, request.params.id);
    authentication.forget();
    return { code };
  });
}

/** Who does something with roles, who must look after all of them. */
const createActorFor =
  ({ requireBranch }: AdministrationContext) =>
  async (request: FastifyRequest, roles: readonly Office[]) => {
    const access = requireAdministrator(request);
    await requireBranch(access, roles);
    return access.actor;
  };

function registerRoles(app: FastifyInstance, context: AdministrationContext): void {
  const { accounts, authentication } = context;
  const actorFor = createActorFor(context);

  app.post<ById>('/people/:id/roles', async (request) => {
    requireAdministrator(request);
    const body = readBody(request.body, {
      role: 'text',
      organization: 'optional text',
      from: 'optional text',
      until: 'optional text',
    });
    const role = parseRole(body.role, body.organization);
    const actor = await actorFor(request, [role]);
    await giveRole(accounts, actor, request.params.id, {
      ...role,
      from: parseInstant(body.from, 'from'),
      until: parseInstant(body.until, 'until'),
    });
    return {};
  });

  app.delete<{ Params: { id: string; role: string } }>('/people/:id/roles/:role', async (request) => {
    const { id, role } = request.params;
    requireAdministrator(request);
    if (!/^[\da-f-]{36}$/.test(role)) throw new Failure('not-found', 'There is no such role.');
    const taken = (await standingRoles(accounts, id)).filter((one) => one.id === role);
    await takeRole(accounts, await actorFor(request, taken), id, role);
    authentication.forget();
    return {};
  });
}

/** Fails with `forbidden` for everybody else. A narrowed token of an administrator is no administrator. */
function requireAdministrator(request: FastifyRequest): Access {
  const access = accessOf(request);
  if (['administrator', 'operator'].includes(access.actor.role) && access.mayRun('administer-accounts')) return access;
  throw new Failure('forbidden', 'Only administrators may see and change who signs in.');
}

async function viewPeople({ accounts, namesOf }: PortalContext, people: readonly Listed[]): Promise<PersonView[]> {
  const now = accounts.now();
  const names = await namesOf(people.flatMap(({ roles }) => roles.flatMap(({ organization }) => organization ?? [])));
  return people.map((person) => ({
    ...person,
    roles: person.roles.map(({ id, role, organization, from, until }) => ({
      id,
      role,
      organization: organization ?? null,
      organizationName: (organization && names.get(organization)) || null,
      from,
      until: until ?? null,
      isOver: until !== undefined && until <= now,
    })),
  }));
}

function parseRole(
  role: string,
  organization: string | undefined,
): { role: PersonRole; organization: string | undefined } {
  if (!isPersonRole(role)) throw new Failure('value', 'There is no such role for people.');
  const named = organization?.trim() || undefined;
  if (named !== undefined && !/^Organization\/[A-Za-z0-9\-.]{1,64}$/.test(named)) {
    throw new Failure('value', 'Name the organisation as Organization/<id>.');
  }
  if (named === undefined && role !== 'resident' && role !== 'administrator') {
    throw new Failure('required', 'Say at which organisation: Organization/<id>.');
  }
  return { role, organization: named };
}

function parseInstant(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const at = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && Number.isFinite(at)) return at;
  throw new Failure('value', `${name} must be an instant such as 2026-12-31T16:00:00Z.`);
}

function displayName(text: string): string {
  const tidy = text.replaceAll(/\p{C}/gu, ' ').trim();
  if (tidy.length >= 1 && [...tidy].length <= 100) return tidy;
  throw new Failure('value', 'Give the name in characters and in Latin letters, 1 to 100 characters each.');
}
