import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, type Issue } from '#lib/failure.ts';
import { parseJson } from '#lib/json/index.ts';
import { type Answer, lastModified, type Parameters, printETag } from './answer.ts';
import { printOperationOutcome, statusOf, toFailure, WrongContent } from './operation-outcome.ts';

/** https://www.rfc-editor.org/rfc/rfc5789#section-3.1 */
const acceptedPatches = 'application/json-patch+json, application/fhir+json';

const contentType = 'application/fhir+json; charset=utf-8';

/** Writes an answer with the headers of https://hl7.org/fhir/R4/http.html. */
export function sendAnswer(reply: FastifyReply, answer: Answer, baseUrl: string, isPretty = false): FastifyReply {
  reply.code(answer.status);
  if (answer.version) reply.header('etag', printETag(answer.version));
  if (answer.updated) reply.header('last-modified', lastModified(answer.updated));
  if (answer.location) reply.header('location', `${baseUrl}/${answer.location}`);
  if (answer.issues) reply.header('warning', warningOf(answer.issues));
  if (answer.headers) reply.headers(answer.headers);
  if (answer.body === undefined) return reply.send();
  reply.header('content-type', answer.contentType ?? contentType);
  if (typeof answer.body !== 'string') return reply.send(Readable.from(answer.body));
  return reply.send(isPretty ? prettyPrint(answer.body) : answer.body);
}

/** https://www.rfc-editor.org/rfc/rfc7234#section-5.5.7 */
const warningOf = ({ length }: readonly Issue[]): string =>
  `199 meridian "Stored with ${length === 1 ? 'an issue' : `${length} issues`} that validation found: see $validation-report"`;

/** Only white space changes: numbers keep their digits. */
const prettyPrint = (text: string): string => JSON.stringify(parseJson(text), undefined, 2);

export const isPretty = (parameters: Parameters): boolean =>
  parameters.some(([name, value]) => name === '_pretty' && value === 'true');

const fastifyFailures: Record<string, () => Failure> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new Failure('too-long', 'The body is larger than this server takes. Split it, or use the import command.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new WrongContent(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Failure('invalid', 'The body ended early: Content-Length does not match.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new Failure('required', 'Send a FHIR resource as JSON in the body.'),
};

/** Answers whatever was thrown: a Failure in words, anything else as an exception without detail, which is logged. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const failure = (code && fastifyFailures[code]?.()) || toFailure(error) || clientFailure(error, statusCode);
  if (!failure) request.log.error({ err: error }, 'request.failed');
  const answered =
    failure ??
    new Failure(
      'exception',
      'The server failed. Look what is stored before you repeat a write, and report the failure.',
    );
  const status = statusOf(answered);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 415) reply.header('accept-patch', acceptedPatches);
  if (status === 503) reply.header('retry-after', '1');
  return reply.code(status).header('content-type', contentType).send(printOperationOutcome(answered.issues));
}

function clientFailure(error: unknown, statusCode: number | undefined): Failure | undefined {
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined;
  return new Failure('invalid', error instanceof Error ? error.message : 'The request is not right.');
}
