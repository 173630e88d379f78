import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';

const literal = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const conditional = /^([A-Z][A-Za-z]+)\?/;

/** The type of what a reference points to, as far as its text or the contained resources tell. */
export function referencedType(reference: string, root: JsonObject): string | undefined {
  if (reference.startsWith('#')) {
    const target = reference === '#' ? root : containedResource(root, reference.slice(1));
    return typeof target?.resourceType === 'string' ? target.resourceType : undefined;
  }
  const type = (literal.exec(reference) ?? conditional.exec(reference))?.[1];
  return isResourceType(type) ? type : undefined;
}

export function containedResource({ contained }: JsonObject, id: string): JsonObject | undefined {
  if (!Array.isArray(contained)) return undefined;
  return contained.filter(isJsonObject).find((item) => item.id === id);
}
