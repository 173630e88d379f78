import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import { accessOf } from '../access/index.ts';
import { jsonPatchType } from '../patch/index.ts';
import { parseAddress } from './address.ts';
import type { Answer, Interaction, Parameters } from './answer.ts';
import { parsePreferences } from './answer.ts';
import { createCapabilities, createPrinted } from './capabilities.ts';
import type { FhirContext } from './context.ts';
import { postBundle } from './interactions/batch.ts';
import { history } from './interactions/history.ts';
import { search } from './interactions/search.ts';
import { contextFor, noteRefusal } from './looks.ts';
import { printOpenApi } from './openapi/document.ts';
import { NotAcceptable } from './operation-outcome.ts';
import { perform } from './perform.ts';
import { isPretty, sendAnswer, sendError } from './reply.ts';
import {
  formParameters,
  headerOf,
  isJsonPatch,
  onceOf,
  otherVersion,
  parseBody,
  parseJsonPatch,
  queryParameters,
  refuseWrongContent,
  toInteraction,
} from './request.ts';
import { runOperation } from './run-operation.ts';
import { printTerminologyCapabilities } from './terminology-capabilities.ts';

/** Bytes of the largest body; more comes in by the import command. */
const bodyLimit = 64 * 1024 * 1024;

/**
 * Answers are about persons. Left to itself, a browser would keep one for a tenth of its age (RFC 9111, section 4.2.2), on a
 * machine that others use too, and show it without asking whether it still holds.
 */
const careful = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers to anybody: what the server is, never what it holds. */
    isPublic?: boolean;
  }
}

const open = { config: { isPublic: true } };

interface RouteAddress {
  type?: string;
  id?: string;
  version?: string;
  operation?: string;
  rest?: string;
}

type Handler = (
  context: FhirContext,
  request: FastifyRequest,
  address: RouteAddress,
  reply: FastifyReply,
) => Promise<Answer>;

/** The RESTful API of https://hl7.org/fhir/R4/http.html under the prefix at which it is registered. */
export async function registerFhir(app: FastifyInstance, context: FhirContext): Promise<void> {
  takeBodies(app);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(nowhere(request), request, reply));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(careful);
    if (!request.routeOptions.config.isPublic) accessOf(request);
    refuseOtherFormats(request);
    refuseWrongContent(request);
  });
  const answer = (handler: Handler) => async (request: FastifyRequest, reply: FastifyReply) => {
    const own = contextFor(context, accessOf(request));
    const address = request.params as RouteAddress;
    const result = await handler(own, request, address, reply).catch((error: unknown) => {
      noteRefusal(own, request, address, error);
      throw error;
    });
    return sendAnswer(reply, result, context.baseUrl, isPretty(queryParameters(request)));
  };
  const publish =
    (describe: (request: FastifyRequest) => Promise<Answer>) => async (request: FastifyRequest, reply: FastifyReply) =>
      sendAnswer(reply, await describe(request), context.baseUrl, isPretty(queryParameters(request)));
  const capabilities = createCapabilities(context);
  const terminology = createPrinted(context, () => printTerminologyCapabilities(context));
  const openApi = createPrinted(context, () => printOpenApi(context));
  app.get(
    '/metadata',
    open,
    publish(async (request) => describeServer(queryParameters(request), capabilities, terminology)),
  );
  app.get(
    '/openapi.json',
    open,
    publish(async () => ({ ...(await openApi()), contentType: 'application/json; charset=utf-8' })),
  );
  registerSystem(app, answer);
  registerTypes(app, answer);
  // Pages beside this API answer whatever it leaves over, so that it leaves nothing.
  app.get('/*', (request) => {
    throw nowhere(request);
  });
}

const nowhere = ({ method }: FastifyRequest) => new Failure('not-supported', `There is no ${method} of this address.`);

type Described = () => Promise<Answer>;

/** https://hl7.org/fhir/R4/http.html#capabilities */
function describeServer(parameters: Parameters, capabilities: Described, terminology: Described): Promise<Answer> {
  const mode = parameters.find(([name]) => name === 'mode')?.[1] ?? 'full';
  if (mode === 'terminology') return terminology();
  // Normative or not, all of it is R4: the whole statement answers for its normative part too.
  if (mode === 'full' || mode === 'normative') return capabilities();
  throw new Failure('value', `mode must be full, normative or terminology, not "${mode.slice(0, 64)}".`);
}

type Wrap = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function registerSystem(app: FastifyInstance, answer: Wrap): void {
  app.post('/', answer(postRoot));
  app.get(
    '/',
    answer(async (context, request) => search(context, toInteraction(request, {}))),
  );
  app.get(
    '/_history',
    answer(async (context, request) => history(context, toInteraction(request, {}))),
  );
  app.post(
    '/_search',
    answer(async (context, request) => search(context, searchByForm(request, undefined))),
  );
}

const postRoot: Handler = async (context, request, _address, reply) => {
  const prefer = parsePreferences(request.headers.prefer as string | undefined, 'minimal');
  return postBundle(context, () => parseBody(request.body), prefer, onceOf(request), signalOf(reply));
};

function registerTypes(app: FastifyInstance, answer: Wrap): void {
  const withBody: Handler = (context, request, address, reply) =>
    isOperation(address)
      ? performOperation(context, request, address, reply)
      : perform(context, toInteraction(request, { ...address, resource: parseBody(request.body) }));
  const withoutBody: Handler = (context, request, address, reply) =>
    isOperation(address)
      ? performOperation(context, request, address, reply)
      : perform(context, toInteraction(request, address));
  const searchForm: Handler = async (context, request, { type }) => search(context, searchByForm(request, type));
  const listVersions: Handler = async (context, request, address) => history(context, toInteraction(request, address));
  app.get('/:type', answer(withoutBody));
  app.post('/:type', answer(withBody));
  app.put('/:type', answer(withBody));
  app.patch('/:type', answer(patchBody));
  app.delete('/:type', answer(withoutBody));
  app.post('/:type/_search', answer(searchForm));
  app.get('/:type/_history', answer(listVersions));
  app.get('/:type/:id', answer(withoutBody));
  app.post('/:type/:id', answer(withBody));
  app.put('/:type/:id', answer(withBody));
  app.patch('/:type/:id', answer(patchBody));
  app.delete('/:type/:id', answer(withoutBody));
  app.get('/:type/:id/_history', answer(listVersions));
  app.get('/:type/:id/_history/:version', answer(withoutBody));
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    app.route({ method, url: '/:type/:id/:operation', handler: answer(atLength) });
    app.route({ method, url: '/:type/:id/:operation/:rest', handler: answer(atLength) });
  }
}

/** The content type says which kind of patch it is. */
const patchBody: Handler = async (context, request, address) => {
  const body = isJsonPatch(request) ? { patch: parseJsonPatch(request.body) } : { resource: parseBody(request.body) };
  return perform(context, toInteraction(request, { ...address, ...body }));
};

const isOperation = ({ type, id }: RouteAddress): boolean => (type?.startsWith('$') || id?.startsWith('$')) ?? false;

/** Addresses of three and more parts: `Patient/1/$everything`, `Patient/1/Observation`, `Patient/1/Observation/_search`. */
const atLength: Handler = async (context, request, { type = '', id = '', operation = '', rest }, reply) => {
  const isForm = request.method === 'POST' && rest === '_search';
  const { compartment, type: wanted } =
    parseAddress([type, id, operation, ...(rest === undefined || isForm ? [] : [rest])]) ?? {};
  if (compartment && (isForm || request.method !== 'POST') && request.method !== 'DELETE') {
    const parameters = isForm ? formParameters(request) : queryParameters(request);
    return search(context, toInteraction(request, { type: wanted, compartment, parameters }));
  }
  return performOperation(context, request, { type, id, operation, rest }, reply);
};

function performOperation(
  context: FhirContext,
  request: FastifyRequest,
  { type, id, operation, rest }: RouteAddress,
  reply: FastifyReply,
): Promise<Answer> {
  const parts = [type, id, operation, rest].filter((part) => part !== undefined);
  const address = parseAddress(parts);
  if (address?.operation === undefined) {
    throw new Failure('not-supported', `There is no ${request.method} of this address.`);
  }
  const hasBody = Buffer.isBuffer(request.body) && request.body.length > 0;
  const { method, parameters, prefer, once } = toInteraction(request, {});
  return runOperation(context, address, {
    method,
    parameters,
    prefer,
    once,
    resource: hasBody ? parseBody(request.body) : undefined,
    header: (name) => headerOf(request, name),
    signal: signalOf(reply),
  });
}

/** Aborted when the connection closes before the answer is out. */
function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Failure('transient', 'The client has gone.'));
  });
  return controller.signal;
}

/** POST _search: parameters of the form and of the address together. */
const searchByForm = (request: FastifyRequest, type: string | undefined): Interaction =>
  toInteraction(request, { type, parameters: formParameters(request) });

/** Bodies arrive as bytes: what they mean is decided where the interaction is known. */
function takeBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/fhir+json', 'application/json', 'text/json', jsonPatchType, 'application/x-www-form-urlencoded'],
    { parseAs: 'buffer', bodyLimit },
    (_request, body, done) => done(null, body),
  );
}

function refuseOtherFormats(request: FastifyRequest): void {
  const format = queryParameters(request).find(([name]) => name === '_format')?.[1];
  const wanted = format ?? request.headers.accept ?? '';
  if (wanted !== '' && !/json|\*\/\*|application\/\*|text\/html/.test(wanted)) {
    throw new NotAcceptable('This server speaks JSON. Ask for application/fhir+json.');
  }
  if (otherVersion.test(wanted)) throw new NotAcceptable('This server speaks FHIR R4. Ask for fhirVersion=4.0.');
}
