import { Failure } from '#lib/failure.ts';
import type { Address } from './address.ts';
import { type Answer, collectBody } from './answer.ts';
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
  const { type, id, rest } = address;
  const run = () => operation.run(context, { ...request, method, type, id, rest });
  return operation.affectsState ? answerOnceAround(context, request.once, run) : run();
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
