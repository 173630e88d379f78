import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import type { OperationRequest } from '../../rest/operation.ts';
import { readOperationInput } from '../../rest/operation-input.ts';
import { allowSource } from './sources.ts';

export interface ImportInput {
  /** As the client says; what the file holds decides. */
  type?: string;
  url: string;
}

/** What is to be imported: some files, or those of a manifest of a bulk export. */
export interface ImportRequest {
  inputs: readonly ImportInput[];
  manifest?: string;
}

const formats = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);
const mostInputs = 10_000;

/**
 * Reads Parameters, or the plain JSON of https://github.com/smart-on-fhir/bulk-import/blob/master/import-pnp.md, with
 * inputFormat, inputSource, and input (type and url) or manifest. Fails unless every address is allowed.
 */
export function parseImportRequest(
  { resource, parameters }: OperationRequest,
  prefixes: readonly string[],
): ImportRequest {
  const asked =
    resource && resource.resourceType === undefined ? ofJson(resource) : ofParameters({ resource, parameters });
  if (asked.format !== undefined && !formats.has(asked.format)) {
    throw new Failure('value', `inputFormat must be application/fhir+ndjson, not "${asked.format.slice(0, 100)}".`);
  }
  if (asked.inputs.length > mostInputs) throw new Failure('too-costly', `Name at most ${mostInputs} inputs at a time.`);
  if ((asked.inputs.length === 0) === (asked.manifest === undefined)) {
    throw new Failure('required', 'Name the files: either as input, each with a url, or by the url of a manifest.');
  }
  for (const { type, url } of asked.inputs) {
    const isKnown: boolean = type === undefined || isResourceType(type);
    if (!isKnown) {
      throw new Failure('value', `input.type "${type?.slice(0, 64)}" is no resource type of FHIR R4.`);
    }
    allowSource(url, prefixes);
  }
  if (asked.manifest !== undefined) allowSource(asked.manifest, prefixes);
  return { inputs: asked.inputs, ...(asked.manifest !== undefined && { manifest: asked.manifest }) };
}

interface Asked {
  format: string | undefined;
  inputs: ImportInput[];
  manifest: string | undefined;
}

function ofParameters(request: Pick<OperationRequest, 'resource' | 'parameters'>): Asked {
  const input = readOperationInput(request);
  const inputs = input.parts('input').map((part) => toInput(part.text('type'), part.text('url')));
  return { format: input.text('inputFormat'), inputs, manifest: input.text('manifest') };
}

function ofJson({ inputFormat, input = [], manifest }: JsonObject): Asked {
  if (!Array.isArray(input)) throw new Failure('structure', 'input must be an array.');
  const inputs = input.map((entry) => {
    if (!isJsonObject(entry)) throw new Failure('structure', 'input must be an array of objects with a url.');
    return toInput(textOf(entry.type), textOf(entry.url));
  });
  return { format: textOf(inputFormat), inputs, manifest: textOf(manifest) };
}

function toInput(type: string | undefined, url: string | undefined): ImportInput {
  if (url === undefined) throw new Failure('required', 'Every input needs a url.');
  return { url, ...(type !== undefined && { type }) };
}

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** The files that the manifest of an export lists: resources, and then what was deleted. */
export function inputsOfManifest(text: string, url: string, prefixes: readonly string[]): ImportInput[] {
  let manifest: JsonObject;
  try {
    manifest = JSON.parse(text) as JsonObject;
  } catch {
    throw new Failure('value', `${url} is no manifest of a bulk export: it is no JSON.`);
  }
  const { output, deleted = [] } = manifest;
  const files = [output, deleted].map((list) => (Array.isArray(list) ? list : undefined));
  if (!files[0] || !files[1]) throw new Failure('value', `${url} is no manifest of a bulk export: it has no output.`);
  return files.flat().map((entry) => {
    const input = isJsonObject(entry ?? null) ? (entry as JsonObject) : {};
    const found = toInput(textOf(input.type), textOf(input.url));
    return { ...found, url: allowSource(new URL(found.url, url).href, prefixes).href };
  });
}
