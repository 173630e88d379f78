import { Failure } from '#lib/failure.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { type Address, parseAddress } from './address.ts';
import { type Interaction, parsePreferences } from './answer.ts';
import { parseQuery } from './query.ts';

/** An entry of a batch or transaction Bundle. */
export interface BundleEntry {
  index: number;
  fullUrl: string | undefined;
  interaction: Interaction;
}

const verbs = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** One parser per entry, so that a batch can answer for each apart from the others. */
export function parseEntries(bundle: JsonObject): (() => BundleEntry)[] {
  const entries = bundle.entry ?? [];
  if (!Array.isArray(entries)) throw new Failure('structure', 'Bundle.entry must be an array.');
  return entries.map((entry, index) => () => parseEntry(entry, index));
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (object: JsonObject, name: string): string | undefined => {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
};

function parseEntry(entry: JsonValue, index: number): BundleEntry {
  const where = `Bundle.entry[${index}]`;
  const request = isObject(entry) ? entry.request : undefined;
  if (!isObject(entry) || !isObject(request)) throw new Failure('required', `${where}.request is missing.`);
  const method = textOf(request, 'method');
  const url = textOf(request, 'url');
  if (!method || !verbs.has(method)) throw new Failure('value', `${where}.request.method must be an HTTP verb.`);
  if (!url) throw new Failure('required', `${where}.request.url is missing.`);
  const address = parseUrl(url, where);
  if (address.compartment && method !== 'GET' && method !== 'HEAD') {
    throw new Failure('not-supported', `${where}.request: a compartment can be searched, by GET, not written to.`);
  }
  const { resource } = entry;
  if (resource !== undefined && !isObject(resource)) {
    throw new Failure('structure', `${where}.resource must be an object.`);
  }
  return {
    index,
    fullUrl: textOf(entry, 'fullUrl'),
    interaction: {
      method: method as Interaction['method'],
      ...address,
      resource,
      ifMatch: textOf(request, 'ifMatch'),
      ifNoneMatch: textOf(request, 'ifNoneMatch'),
      ifNoneExist: textOf(request, 'ifNoneExist'),
      ifModifiedSince: textOf(request, 'ifModifiedSince'),
      prefer: parsePreferences(undefined, 'minimal'),
    },
  };
}

function parseUrl(url: string, where: string): Address & Pick<Interaction, 'parameters'> {
  const [path = '', query = ''] = splitOnce(url.replace(/^\//, ''), '?');
  const address = parseAddress(path === '' ? [] : path.split('/'));
  if (!address) {
    throw new Failure('value', `${where}.request.url ${url.slice(0, 200)} is not an address of an interaction.`);
  }
  return { ...address, parameters: parseQuery(query) };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
