import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import type { Validator } from '../validation/index.ts';
import type { Interaction } from './answer.ts';

export function requireType({ type }: Pick<Interaction, 'type'>): string {
  if (!isResourceType(type)) throw new Failure('not-supported', `${type} is not a resource type of FHIR R4.`);
  return type;
}

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

export function requireId({ id }: Pick<Interaction, 'id'>): string {
  if (id === undefined || !idPattern.test(id)) {
    throw new Failure('value', 'An id has 1 to 64 letters (A to Z), digits, hyphens or dots.');
  }
  return id;
}

/** The body, when it is a resource of this type that may be stored. Fails with the issues found. */
export async function requireResource(
  validator: Validator,
  resource: JsonObject | undefined,
  type: string,
): Promise<JsonObject> {
  if (!resource) throw new Failure('required', `Send a ${type} in the body.`);
  if (resource.resourceType !== type) {
    throw new Failure('invalid', `The body is a ${printable(resource.resourceType)}, the address says ${type}.`);
  }
  const checking = validator.check(resource);
  if (checking) await checking;
  return resource;
}

const printable = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, 64) : 'resource without resourceType';
