import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import { decodeUtf8, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import type { Once } from '../idempotency/index.ts';
import { jsonPatchType } from '../patch/index.ts';
import type { Interaction, Parameters } from './answer.ts';
import { parsePreferences } from './answer.ts';
import { parseOnce } from './once.ts';
import { WrongContent } from './operation-outcome.ts';
import { parseQuery } from './query.ts';

export const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** Parameters of the address, in their order, as sent. */
export function queryParameters(request: FastifyRequest): Parameters {
  const { url = '' } = request.raw;
  const at = url.indexOf('?');
  return at < 0 ? [] : parseQuery(url.slice(at + 1));
}

/** The JSON object in a body. */
export function parseBody(body: unknown): JsonObject {
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new Failure('required', 'Send a FHIR resource as JSON in the body.');
  const value = parseJson(decodeUtf8(body));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('structure', 'The body must be one JSON object, a FHIR resource.');
  }
  return value as JsonObject;
}

const contentTypeOf = (request: FastifyRequest): string =>
  (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export const isJsonPatch = (request: FastifyRequest): boolean => contentTypeOf(request) === jsonPatchType;

const form = 'application/x-www-form-urlencoded';

/** Of FHIR, in a media type. https://hl7.org/fhir/R4/versioning.html#mt-version */
export const otherVersion = /;\s*fhirVersion="?(?!4\.0)\d/;

/** A JSON Patch is nothing but a patch, and a form is none. */
export function refuseWrongContent(request: FastifyRequest): void {
  const isPatch = request.method === 'PATCH';
  const type = contentTypeOf(request);
  if (isPatch ? type === form : type === jsonPatchType) throw new WrongContent();
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw new WrongContent(`Send the body as it is, without the Content-Encoding ${encoding}.`);
  if (otherVersion.test(headerOf(request, 'content-type') ?? '')) throw new WrongContent('Send FHIR R4, version 4.0.');
}

/** The parameters of a POST _search: those of the address and those of the form. */
export function formParameters(request: FastifyRequest): Parameters {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) return queryParameters(request);
  if (contentTypeOf(request) !== form) throw new WrongContent();
  return [...queryParameters(request), ...parseQuery(decodeUtf8(body))];
}

export function parseJsonPatch(body: unknown): JsonValue[] {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new Failure('required', 'Send a JSON Patch in the body.');
  const value = parseJson(decodeUtf8(body));
  if (Array.isArray(value)) return value;
  throw new Failure('invalid', 'A JSON Patch is an array of operations.');
}

type AddressParts = Partial<
  Pick<Interaction, 'type' | 'id' | 'version' | 'compartment' | 'parameters' | 'resource' | 'patch'>
>;

export function toInteraction(request: FastifyRequest, parts: AddressParts): Interaction {
  return {
    method: request.method as Interaction['method'],
    parameters: parts.parameters ?? queryParameters(request),
    ...parts,
    ifMatch: headerOf(request, 'if-match'),
    ifNoneMatch: headerOf(request, 'if-none-match'),
    ifNoneExist: headerOf(request, 'if-none-exist'),
    ifModifiedSince: headerOf(request, 'if-modified-since'),
    once: onceOf(request),
    prefer: parsePreferences(headerOf(request, 'prefer'), 'representation'),
  };
}

export const onceOf = (request: FastifyRequest): Once | undefined =>
  parseOnce(headerOf(request, 'idempotency-key'), {
    method: request.method,
    url: request.raw.url ?? '',
    ifNoneExist: headerOf(request, 'if-none-exist'),
    body: request.body,
    actor: request.access?.actor,
  });
