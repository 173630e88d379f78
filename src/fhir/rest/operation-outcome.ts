import { FailedCondition, Failure, type FailureCode, type Issue } from '#lib/failure.ts';

/** Every failure code has one HTTP status; a new code does not compile until it has one. */
export const httpStatus = {
  invalid: 400,
  structure: 400,
  required: 400,
  value: 400,
  'code-invalid': 422,
  invariant: 422,
  'not-supported': 404,
  'not-found': 404,
  deleted: 410,
  'multiple-matches': 412,
  conflict: 409,
  'business-rule': 422,
  processing: 422,
  'too-long': 413,
  'too-costly': 422,
  login: 401,
  forbidden: 403,
  throttled: 429,
  timeout: 503,
  'no-store': 507,
  exception: 500,
  transient: 503,
} satisfies Record<FailureCode, number>;

/** A body that this server does not read: 415. */
export class WrongContent extends Failure {
  constructor(
    diagnostics = 'Send application/fhir+json or application/json; a form to _search; application/json-patch+json by PATCH.',
  ) {
    super('not-supported', diagnostics);
  }
}

/** An answer that this server does not write: 406. */
export class NotAcceptable extends Failure {
  constructor(diagnostics: string) {
    super('not-supported', diagnostics);
  }
}

/** A failed If-Match is a conflict too, of which HTTP speaks apart. https://hl7.org/fhir/R4/http.html#concurrency */
export const statusOf = (failure: Failure): number =>
  failure instanceof FailedCondition
    ? 412
    : failure instanceof WrongContent
      ? 415
      : failure instanceof NotAcceptable
        ? 406
        : httpStatus[failure.code];

/** OperationOutcome as JSON text. https://hl7.org/fhir/R4/operationoutcome.html */
export function printOperationOutcome(issues: readonly Issue[]): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: issues.map(({ severity, code, diagnostics, expression }) => ({
      severity,
      code,
      diagnostics,
      ...(expression ? { expression: [expression] } : {}),
    })),
  });
}

const postgresFailures: Record<string, () => Failure> = {
  '57014': () => new Failure('timeout', 'The request took too long and was stopped. Narrow it, or try again later.'),
  '53100': () =>
    new Failure('no-store', 'The disk of the database is full. Nothing was stored; free space and repeat.'),
  '53200': () => new Failure('transient', 'The database is out of memory. Nothing was stored; repeat later.'),
  '53300': () => new Failure('transient', 'The database has no free connection. Repeat later.'),
  '40P01': () => new Failure('transient', 'The change collided with others again and again. Repeat it.'),
  '40001': () => new Failure('transient', 'The change collided with others again and again. Repeat it.'),
  '23505': () => new Failure('transient', 'Somebody else wrote the same resource at the same time. Repeat the change.'),
  '57P03': () => new Failure('transient', 'The database is starting. Repeat later.'),
};

/** Sessions that PostgreSQL ended, and connections that broke or did not come about. */
const lostConnection =
  /^(08...|57P0[12]|ECONN[A-Z]+|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const lostConnectionMessage =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/;

/** The failure that a client may read: database trouble it can act on in words, undefined for a bug. */
export function toFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const { code, message, syscall } = error as { code?: unknown; message?: unknown; syscall?: unknown };
  if (typeof code === 'string' && code in postgresFailures) return postgresFailures[code]?.();
  const isLost =
    (typeof code === 'string' && lostConnection.test(code) && (code !== 'ENOENT' || syscall === 'connect')) ||
    (typeof message === 'string' && lostConnectionMessage.test(message));
  // The connection may have broken at the commit: nobody can tell on which side of it.
  return isLost
    ? new Failure(
        'transient',
        'The connection to the database was lost. Look what is stored before you repeat a write.',
      )
    : undefined;
}
