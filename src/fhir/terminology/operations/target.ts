import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { FhirContext } from '../../rest/context.ts';
import type { OperationRequest } from '../../rest/operation.ts';
import type { OperationInput } from '../../rest/operation-input.ts';
import type { TerminologyType } from '../entry.ts';
import { terminologyFault } from '../fault.ts';
import { describeValueSet, type FoundValueSet, type Scope } from '../scope.ts';
import { joinCanonical, splitCanonical } from '../version.ts';
import type { TerminologyRequest } from './request.ts';

/** The value set that a request is about: of the address, of the body, or named by `url`. */
export async function findTarget(
  context: FhirContext,
  scope: Scope,
  input: OperationInput,
  request: OperationRequest,
): Promise<FoundValueSet> {
  const own = await ownTarget(context, input, request);
  if (own) return describeValueSet(own, 'the request');
  const url = input.text('url');
  if (url === undefined) throw new Failure('required', 'Name the value set by url, or send it as valueSet.');
  const named = splitCanonical(url);
  const asked = input.text('valueSetVersion') ?? named.version;
  const version = scope.ruledVersion(named.url, asked, true);
  const found = await scope.findValueSet(named.url, version);
  if (found) return found;
  throw terminologyFault({
    code: 'not-found',
    detail: 'not-found',
    messageId: 'Unable_to_resolve_value_Set_',
    text: `The value set ${joinCanonical(named.url, version)} is not known here. Store it, or send it as valueSet.`,
  });
}

async function ownTarget(
  context: FhirContext,
  input: OperationInput,
  request: OperationRequest,
): Promise<JsonObject | undefined> {
  if (request.id !== undefined) return loadInstance(context, 'ValueSet', request.id);
  const resource = input.resource('valueSet') ?? input.resource('resource');
  if (!resource || resource.resourceType === 'ValueSet') return resource;
  throw new Failure('invalid', `Send a ValueSet as valueSet, not a resource of type ${resource.resourceType}.`);
}

/** The resource at whose address the operation was called. */
export async function loadInstance(
  { store, pool }: FhirContext,
  type: TerminologyType,
  id: string,
): Promise<JsonObject> {
  const row = await store.read(pool, type, id);
  if (row?.content) return parseJson(row.content) as JsonObject;
  throw new Failure('not-found', `There is no ${type}/${id}.`);
}

/** A code system's address and version, where the operation was called on one. */
export async function instanceSystem({
  request,
  context,
}: TerminologyRequest): Promise<{ system: string; version: string | undefined } | undefined> {
  if (request.id === undefined) return undefined;
  const resource = await loadInstance(context, 'CodeSystem', request.id);
  if (typeof resource.url !== 'string') {
    throw new Failure('business-rule', `CodeSystem/${request.id} has no url, so that its codes have no system.`);
  }
  return { system: resource.url, version: typeof resource.version === 'string' ? resource.version : undefined };
}
