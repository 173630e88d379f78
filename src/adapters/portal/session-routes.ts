import type { FastifyInstance, FastifyReply } from 'fastify';
import { Failure } from '#lib/failure.ts';
import type { DemoPerson } from './demo-person.ts';
import { parseSessionCookie, printEndedCookie, printSessionCookie } from './session-cookie.ts';

export interface SessionRoutesOptions {
  demoPeople: () => Promise<readonly DemoPerson[]>;
  sessionKey: Uint8Array;
  clock: () => Date;
}

const statusByCode: Partial<Record<Failure['code'], number>> = { invalid: 400, 'not-found': 404 };

/** Sign-in by choosing somebody of the demonstration region: a stand-in, and so without a password. */
export function registerSessionRoutes(app: FastifyInstance, { demoPeople, sessionKey, clock }: SessionRoutesOptions) {
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Failure)) throw error;
    return answerFailure(reply, error);
  });

  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get('/demo-people', demoPeople);

  app.get('/session', async (request) => {
    const id = parseSessionCookie(request.headers.cookie, sessionKey, clock());
    const person = id === undefined ? undefined : (await demoPeople()).find((candidate) => candidate.id === id);
    return { person: person ?? null };
  });

  app.post('/session', async (request, reply) => {
    const id = parseChosenId(request.body);
    const person = (await demoPeople()).find((candidate) => candidate.id === id);
    if (person === undefined)
      throw new Failure('not-found', `No demonstration person has the id ${id}. Choose one of the list.`);
    reply.header('set-cookie', printSessionCookie(id, sessionKey, clock(), request.protocol === 'https'));
    return { person };
  });

  app.delete('/session', async (request, reply) => {
    reply.header('set-cookie', printEndedCookie(request.protocol === 'https'));
    return { person: null };
  });
}

function parseChosenId(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string') return body.id;
  throw new Failure('invalid', 'Send {"id": "..."} with the id of a demonstration person.');
}

function answerFailure(reply: FastifyReply, { code, issues }: Failure) {
  const issue = issues.map(({ severity, code: type, diagnostics }) => ({ severity, code: type, diagnostics }));
  return reply.code(statusByCode[code] ?? 500).send({ resourceType: 'OperationOutcome', issue });
}
