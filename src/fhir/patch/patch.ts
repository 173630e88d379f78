import { Failure } from '#lib/failure.ts';
import { decodeUtf8, isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';
import { applyJsonPatch } from './json-patch.ts';
import { removeEmptyLists } from './without-empty-lists.ts';

export const jsonPatchType = 'application/json-patch+json';

/** Applies a patch to a resource; what comes out may be anything and is still to be checked. */
export type Patch = (resource: JsonObject) => Promise<JsonObject>;

/**
 * What a body or an entry of a Bundle asks for: an array is a JSON Patch, Parameters are a FHIRPath Patch, and a Binary
 * holds a JSON Patch in a Bundle. https://hl7.org/fhir/R4/http.html#patch
 */
export function readPatch(body: JsonValue | undefined): Patch {
  if (Array.isArray(body)) return jsonPatch(body);
  if (isJsonObject(body) && body.resourceType === 'Parameters') {
    return (resource) => applyFhirPathPatch(resource, body);
  }
  if (isJsonObject(body) && body.resourceType === 'Binary') return jsonPatch(readBinary(body));
  throw new Failure(
    'invalid',
    'Send a JSON Patch, which is an array, or a FHIRPath Patch, which is Parameters; in a Bundle a JSON Patch stands in a Binary.',
  );
}

function jsonPatch(operations: JsonValue): Patch {
  if (!Array.isArray(operations)) throw new Failure('invalid', 'A JSON Patch is an array of operations.');
  return async (resource) => {
    const changed = applyJsonPatch(resource, operations);
    if (!isJsonObject(changed)) throw new Failure('processing', 'The patch leaves no resource behind.');
    removeEmptyLists(changed);
    return changed;
  };
}

function readBinary({ contentType, data }: JsonObject): JsonValue {
  if (typeof contentType !== 'string' || contentType.split(';')[0]?.trim() !== jsonPatchType) {
    throw new Failure('value', `The Binary of a patch must have the contentType ${jsonPatchType}.`);
  }
  if (typeof data !== 'string') throw new Failure('required', 'The Binary of a patch must have data, in base64.');
  return parseJson(decodeUtf8(Buffer.from(data, 'base64')));
}
