import type { Access } from '#fhir/access/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { withLabels } from './labels/labels.ts';
import { refuseOpeners } from './openers/refuse-openers.ts';

/** What is stored of what somebody writes: with the labels that it must have. Fails where it opens what it must not. */
export function asWritten(
  resource: JsonObject,
  stored: string | null | undefined,
  access: Access | undefined,
): JsonObject {
  if (access) refuseOpeners(resource, stored, access);
  return withLabels(resource, stored, access);
}
