import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import { requireId } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Division } from '#modules/division/index.ts';
import { branchToEdit } from './branch.ts';
import { closeOrganization, reopenOrganization } from './close-organization.ts';
import type { Directory } from './dependencies.ts';
import { editDepartment, editInstitution } from './edit-organization.ts';
import { editProfessional, editRegistration, editService } from './edit-staff.ts';
import type { Input } from './fields.ts';
import { findNear, homeOf } from './find-near.ts';
import { describeOrganization, findOrganizations, findStaff } from './find-organizations.ts';
import { describePractitioner, findPractitioners } from './find-practitioners.ts';
import { gradeOf } from './grade/grade-of.ts';
import { type ImportKind, importKinds } from './import/columns.ts';
import { importDirectory } from './import/import-directory.ts';
import { printTemplate } from './import/template.ts';
import { mayEdit, maySeeStaff } from './policy.ts';
import { printVocabulary } from './vocabulary.ts';

/** Bytes of an import: fifty thousand rows and more. */
const bodyLimit = 64 * 1024 * 1024;

/** What whoever asks may do in the directory, and from where they look. */
export interface Standing {
  mayEdit: boolean;
  maySeeStaff: boolean;
  /** The branch that they look after; undefined for everything, or where they change nothing. */
  branch: Division | undefined;
  home: string | undefined;
}

/** Doctors as everybody may know them. */
export interface VisibleDoctors {
  staff: { id: string; role: string; department: string; name: string; pinyin: string; title: string }[];
  total: number | undefined;
  next: string | undefined;
}

type Query = Readonly<Record<string, string | undefined>>;

const queryOf = ({ query }: FastifyRequest): Query => {
  const found = query as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(found)) {
    if (typeof value !== 'string') throw new Failure('value', `${name.slice(0, 40)} can be given once.`);
  }
  return found as Query;
};
const idOf = ({ params }: FastifyRequest): string => requireId(params as { id?: string });

/** The directory at /api/directory: looked up by everybody who signed in, changed by administrators of the branch. */
export async function registerDirectory(app: FastifyInstance, directory: Directory): Promise<void> {
  registerOpenViews(app, directory);
  registerStaffViews(app, directory);
  registerEdits(app, directory);
  registerImports(app, directory);
}

function registerOpenViews(app: FastifyInstance, directory: Directory): void {
  app.get('/vocabulary', async (request) => {
    accessOf(request);
    return printVocabulary();
  });

  app.get('/me', async (request): Promise<Standing> => {
    const access = accessOf(request);
    const { actor } = access;
    const branch = mayEdit.has(actor.role) ? await branchToEdit(directory, access).catch(() => undefined) : undefined;
    const home = await homeOf(directory, actor.organization ?? actor.reference);
    return {
      mayEdit: branch !== undefined,
      maySeeStaff: maySeeStaff.has(actor.role),
      branch: branch?.division,
      home,
    };
  });

  app.get('/near', async (request) => {
    accessOf(request);
    const { division, kind, text } = queryOf(request);
    if (!division) throw new Failure('required', 'Say from where by ?division=, the code of a place.');
    return findNear(directory, { division, kind, text });
  });

  app.get('/organization', async (request) => {
    accessOf(request);
    return findOrganizations(directory, queryOf(request));
  });

  app.get('/organization/:id', async (request) => {
    accessOf(request);
    return describeOrganization(directory, idOf(request));
  });

  app.get('/organization/:id/doctors', async (request): Promise<VisibleDoctors> => {
    accessOf(request);
    const { cursor } = queryOf(request);
    const { staff, total, next } = await findStaff(directory, idOf(request), { cursor, isOpen: true });
    const open = staff.map(({ id, role, department, practitionerName, person }) => ({
      id,
      role,
      department,
      name: person?.name ?? practitionerName,
      pinyin: person?.pinyin ?? '',
      title: person?.title ?? '',
    }));
    return { staff: open, total, next };
  });
}

/** For those who work with staff: licences, phones, ends of registrations. */
function registerStaffViews(app: FastifyInstance, directory: Directory): void {
  const requireStaffRight = (request: FastifyRequest) => {
    const { actor } = accessOf(request);
    if (maySeeStaff.has(actor.role)) return;
    throw new Failure('forbidden', `As ${actor.role} you see the doctors of a hospital, not its register of staff.`);
  };

  app.get('/organization/:id/grade', async (request) => {
    requireStaffRight(request);
    return gradeOf(directory, idOf(request));
  });

  app.get('/organization/:id/staff', async (request) => {
    requireStaffRight(request);
    const { cursor, role, state } = queryOf(request);
    return findStaff(directory, idOf(request), { cursor, role, isOpen: state !== 'all' });
  });

  app.get('/practitioner', async (request) => {
    requireStaffRight(request);
    return findPractitioners(directory, queryOf(request));
  });

  app.get('/practitioner/:id', async (request) => {
    requireStaffRight(request);
    return describePractitioner(directory, idOf(request));
  });
}

const editors = {
  organization: editInstitution,
  department: editDepartment,
  practitioner: editProfessional,
  registration: editRegistration,
  service: editService,
} as const;

function registerEdits(app: FastifyInstance, directory: Directory): void {
  for (const [name, edit] of Object.entries(editors)) {
    app.put(`/${name}/:id`, async (request, reply) => {
      const access = accessOf(request);
      const edited = await edit(directory, access, {
        id: idOf(request),
        version: versionOf(request),
        input: bodyOf(request),
      });
      return withVersion(reply, edited);
    });
  }

  app.post('/organization/:id/close', async (request, reply) => {
    const access = accessOf(request);
    const { withAll } = bodyOf(request);
    const closing = { id: idOf(request), version: requiredVersion(request), withAll: withAll === true };
    return withVersion(reply, await closeOrganization(directory, access, closing));
  });

  app.post('/organization/:id/reopen', async (request, reply) => {
    const access = accessOf(request);
    const opening = { id: idOf(request), version: requiredVersion(request) };
    return withVersion(reply, await reopenOrganization(directory, access, opening));
  });
}

const withVersion = <Edited extends { version: number }>(reply: FastifyReply, edited: Edited): Edited => {
  reply.header('etag', `W/"${edited.version}"`);
  return edited;
};

function bodyOf({ body }: FastifyRequest): Input {
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && !(body instanceof Readable))
    return body as Input;
  throw new Failure('required', 'Send the fields as a JSON object.');
}

function versionOf({ headers }: FastifyRequest): number | undefined {
  const tag = headers['if-match'];
  if (tag === undefined) return undefined;
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(tag.trim())?.[1];
  if (version === undefined) throw new Failure('value', 'If-Match must be an ETag such as W/"3".');
  return Number(version);
}

function requiredVersion(request: FastifyRequest): number {
  const version = versionOf(request);
  if (version === undefined) throw new Failure('required', 'Send If-Match with the version that you saw.');
  return version;
}

function registerImports(app: FastifyInstance, directory: Directory): void {
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));

  app.get('/template/:kind', async (request, reply) => {
    accessOf(request);
    const kind = kindOf(request);
    reply.header('content-disposition', `attachment; filename="${kind}.csv"`);
    return reply.type('text/csv; charset=utf-8').send(printTemplate(kind, queryOf(request).language === 'zh'));
  });

  app.post('/import/:kind', { bodyLimit }, async (request, reply) => {
    const access = accessOf(request);
    const kind = kindOf(request);
    // Refused before anything is sent: afterwards it could only be told in the last line.
    await branchToEdit(directory, access);
    if (!(request.body instanceof Readable)) throw new Failure('value', 'Send the file as text/csv.');
    const rows = importDirectory(
      directory,
      access,
      { kind, isDryRun: queryOf(request).dryRun === 'true' },
      request.body,
    );
    return reply.type('application/x-ndjson').send(Readable.from(printRows(request, rows)));
  });
}

function kindOf({ params }: FastifyRequest): ImportKind {
  const { kind } = params as { kind: string };
  const found = importKinds.find((known) => known === kind);
  if (found) return found;
  throw new Failure('not-found', `What can be imported are: ${importKinds.join(', ')}.`);
}

/** One JSON object a line; a file that cannot be read to its end says so in the last one. */
async function* printRows(request: FastifyRequest, rows: AsyncIterable<object>): AsyncGenerator<string> {
  try {
    for await (const row of rows) yield `${JSON.stringify(row)}\n`;
    yield `${JSON.stringify({ isComplete: true })}\n`;
  } catch (error) {
    if (!(error instanceof Failure)) request.log.error({ err: error }, 'directory.import-failed');
    const problem =
      error instanceof Failure
        ? error.message
        : 'The server failed. What was stored before stays; send the file again.';
    yield `${JSON.stringify({ isComplete: false, problem })}\n`;
  }
}
