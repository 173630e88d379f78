import { Failure } from '#lib/failure.ts';
import { isJsonObject } from '#lib/json/index.ts';
import type { Address } from './address.ts';
import { type Answer, collectBody, isOfForm } from './answer.ts';
import type { FhirContext } from './context.ts';
import { answerOnceAround } from './once.ts';
import {
  methodsOf,
  type Operation,
  type OperationLevel,
  type OperationMethod,
  type OperationRequest,
} from './operation.ts';
import { requireId, requireType } from './require.ts';

const levelOf = ({ type, id }: Address): OperationLevel =>
  type === undefined ? 'system' : id === undefined ? 'type' : 'instance';

const isOfferedAt = ({ levels, types }: Operation, level: OperationLevel, type: string | undefined): boolean =>
  levels.includes(level) && (type === undefined || types === undefined || types.includes(type));

/** Fails with `not-supported` where there is no such operation, or none of this name here. */
function findOperation({ operations }: FhirContext, address: Address): Operation {
  const named = operations.filter(({ name }) => name === address.operation);
  if (address.type !== undefined) requireType(address);
  if (address.id !== undefined) requireId(address);
  const level = levelOf(address);
  const found = named.find((operation) => isOfferedAt(operation, level, address.type));
  if (found && (address.rest === undefined || found.subpath)) return found;
  const name = `$${address.operation?.slice(0, 64)}`;
  if (named.length === 0) throw new Failure('not-supported', `There is no operation ${name}; see /metadata.`);
  throw new Failure('not-supported', `${name} is not offered at this address; /metadata says where it is.`);
}

/** Parameters of paging stand in the links of operations that have pages. */
const ofPaging = ['_cursor'];

function refuseUnknown(
  { name, parameters }: Operation,
  request: Pick<OperationRequest, 'parameters' | 'resource'>,
): void {
  const known = parameters.filter(({ use }) => use === 'in').map((parameter) => parameter.name);
  const sent = [...request.parameters.map(([given]) => given), ...namesIn(request.resource)];
  const unknown = sent.find((given) => !isOfForm(given) && !known.includes(given) && !ofPaging.includes(given));
  if (unknown === undefined) return;
  throw new Failure('value', `$${name} has no parameter "${unknown.slice(0, 64)}". Leave it out, or see /metadata.`);
}

function namesIn(resource: OperationRequest['resource']): string[] {
  if (resource?.resourceType !== 'Parameters' || !Array.isArray(resource.parameter)) return [];
  return resource.parameter.flatMap((entry) =>
    isJsonObject(entry) && typeof entry.name === 'string' ? [entry.name] : [],
  );
}

/** Carries out the operation of an address. https://hl7.org/fhir/R4/operations.html */
export function runOperation(
  context: FhirContext,
  address: Address,
  request: Omit<OperationRequest, 'method' | 'type' | 'id' | 'rest'> & { method: string },
): Promise<Answer> {
  const operation = findOperation(context, address);
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as OperationMethod;
  const methods = methodsOf(operation);
  if (!methods.includes(method)) {
    throw new Failure('not-supported', `Send $${operation.name} by ${methods.join(' or ')}.`);
  }
  if (request.prefer.handling === 'strict') refuseUnknown(operation, request);
  const { type, id, rest } = address;
  requireRight(context, operation, address);
  const run = () => operation.run(context, { ...request, method, type, id, rest });
  return operation.affectsState ? answerOnceAround(context, request.once, run) : run();
}

function requireRight({ access }: FhirContext, operation: Operation, address: Address): void {
  const { needsRight = operation.affectsState, name } = operation;
  const isNeeded = typeof needsRight === 'function' ? needsRight(address) : needsRight;
  if (!isNeeded || access.isFull || access.mayRun(name)) return;
  throw new Failure('forbidden', `As ${access.actor.role} you may not run $${name}.`);
}

/** As an entry of a batch: streams are read to their end. */
export async function runOperationEntry(
  context: FhirContext,
  address: Address,
  request: Pick<OperationRequest, 'parameters' | 'resource' | 'prefer'> & { method: string },
): Promise<Answer> {
  const signal = new AbortController().signal;
  const answer = await runOperation(context, address, { ...request, once: undefined, header: () => undefined, signal });
  return { ...answer, body: await collectBody(answer.body) };
}
