import { Failure } from '#lib/failure.ts';
import { decodeUtf8, isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type Method, method, nameOf } from '../store/index.ts';
import { collectLinks, type Link, refuseBroken } from '../validation/index.ts';
import { deriveId, isId } from './identity.ts';
import { keyOf, type Target, toTarget } from './links.ts';
import type { Place } from './place.ts';

/** One resource to be written, or deleted, as the input asks for. */
export interface Item {
  place: Place;
  /** The text from which the item was made, to make it again. */
  bytes: Buffer;
  type: string;
  id: string;
  method: Method;
  fullUrl: string | undefined;
  /** By which references to the fullUrl find it: see keyOf. */
  key: string | undefined;
  /** A search that decides which resource is meant: If-None-Exist of a POST, or the query of a PUT or DELETE. */
  condition: string | undefined;
  expectedVersion: number | undefined;
  /** `Patient/1`; with a condition, what it will be called if nothing meets that. */
  name: string;
  /** What its references ask for, as far as they may have to be resolved. */
  targets: readonly Target[];
  check: ResourceCheck;
  /** Taken by the first attempt to write it; a later one parses it again. */
  body: Body | undefined;
}

/** The resource with the places that may have to be rewritten, and what each asks for if it is a Reference. */
export interface Body {
  resource: JsonObject;
  links: readonly { link: Link; target: Target | undefined }[];
}

/** Fails with what keeps a resource from being stored. */
export type ResourceCheck = (resource: JsonObject) => void;

/** The wish of an entry that asks for nothing to be stored. */
export class Ignored extends Error {}

interface Request {
  verb: string;
  type: string;
  id: string | undefined;
  query: string | undefined;
  ifNoneExist: string | undefined;
  expectedVersion: number | undefined;
}

/** Reads a document, or an entry of a Bundle. Fails with what is wrong with it, or with Ignored. */
export function parseItem(place: Place, bytes: Buffer, check: ResourceCheck = refuseBroken): Item {
  const value = parseJson(decodeUtf8(bytes));
  if (!isJsonObject(value)) throw new Failure('structure', 'A resource must be a JSON object.');
  if (place.entry === undefined)
    return resourceItem({ place, bytes, check, fullUrl: undefined, key: undefined }, value);
  const fullUrl = textOf(value.fullUrl);
  const key = fullUrl === undefined ? undefined : keyOf(place, fullUrl);
  const { resource, request } = value;
  if (resource !== undefined && !isJsonObject(resource)) {
    throw new Failure('structure', 'Bundle.entry.resource must be an object.');
  }
  if (request !== undefined)
    return requestedItem({ place, bytes, check, fullUrl, key }, resource, parseRequest(request));
  if (resource === undefined) throw new Ignored('The entry has no resource.');
  return resourceItem({ place, bytes, check, fullUrl, key }, resource);
}

/** The item's resource for this attempt, whose links the caller may rewrite. */
export function takeBody(item: Item): Body | undefined {
  if (item.method === method.delete) return undefined;
  const { body } = item;
  item.body = undefined;
  return body ?? parseItem(item.place, item.bytes, item.check).body;
}

type Origin = Pick<Item, 'place' | 'bytes' | 'check' | 'fullUrl' | 'key'>;

function resourceItem(origin: Origin, resource: JsonObject): Item {
  const id = deriveId(resource, origin.fullUrl, false);
  return checkedItem({ ...origin, id, method: method.put }, resource);
}

function requestedItem(origin: Origin, resource: JsonObject | undefined, request: Request): Item {
  const { verb, type, id, query, ifNoneExist, expectedVersion } = request;
  if (verb === 'GET' || verb === 'HEAD') throw new Ignored(`${verb} is not carried out by an import.`);
  if (verb === 'DELETE') return deletingItem(origin, request);
  if (verb !== 'POST' && verb !== 'PUT') {
    throw new Failure('not-supported', `${verb} is not supported. Send the whole resource with PUT.`);
  }
  if (!resource) throw new Failure('required', `A ${verb} needs a resource.`);
  if (resource.resourceType !== type) {
    throw new Failure('invalid', `The resource is a ${shown(resource.resourceType)}, request.url says ${type}.`);
  }
  if (verb === 'POST') {
    const derived = deriveId(resource, origin.fullUrl, true);
    return checkedItem({ ...origin, id: derived, method: method.post, condition: ifNoneExist }, resource);
  }
  if (id !== undefined && resource.id !== undefined && resource.id !== id) {
    throw new Failure('invalid', `The resource has the id ${shown(resource.id)}, request.url says ${id}.`);
  }
  const decided = id ?? deriveId(resource, origin.fullUrl, false);
  const condition = id === undefined ? query : undefined;
  return checkedItem({ ...origin, id: decided, method: method.put, condition, expectedVersion }, resource);
}

function deletingItem(origin: Origin, { type, id, query, expectedVersion }: Request): Item {
  if (!isResourceType(type)) throw new Failure('not-supported', `${type} is not a resource type of FHIR R4.`);
  const condition = id === undefined ? query : undefined;
  if (id === undefined && condition === undefined) throw new Failure('required', 'A DELETE must say what to delete.');
  return {
    ...origin,
    type,
    id: id ?? '',
    name: nameOf(type, id ?? ''),
    method: method.delete,
    condition,
    expectedVersion,
    targets: [],
    body: undefined,
  };
}

type Unchecked = Omit<Item, 'type' | 'name' | 'condition' | 'expectedVersion' | 'targets' | 'body'> &
  Partial<Pick<Item, 'condition' | 'expectedVersion'>>;

function checkedItem(item: Unchecked, resource: JsonObject): Item {
  checkWith(item.check, resource);
  const type = resource.resourceType as string;
  const name = nameOf(type, item.id);
  return {
    condition: undefined,
    expectedVersion: undefined,
    ...item,
    type,
    name,
    ...withTargets(item.place, resource),
  };
}

function checkWith(check: ResourceCheck, resource: JsonObject): void {
  try {
    check(resource);
  } catch (error) {
    if (!(error instanceof Failure) || error.issues.length < 2) throw error;
    throw new Failure(error.code, `${error.message} (and ${error.issues.length - 1} more)`, error.issues);
  }
}

function withTargets(place: Place, resource: JsonObject): Pick<Item, 'targets' | 'body'> {
  const targets: Target[] = [];
  const links = collectLinks(resource).map((link) => {
    if (link.kind !== 'reference') return { link, target: undefined };
    const { text } = link;
    const known = targets.find(({ reference }) => reference === text);
    const target = known ?? toTarget(place, text);
    if (target && !known) targets.push(target);
    return { link, target };
  });
  return { targets, body: { resource, links } };
}

function parseRequest(value: JsonValue): Request {
  if (!isJsonObject(value)) throw new Failure('structure', 'Bundle.entry.request must be an object.');
  const verb = textOf(value.method);
  const url = textOf(value.url);
  if (!verb || url === undefined) throw new Failure('required', 'Bundle.entry.request needs a method and a url.');
  const { pathname, searchParams } = parseUrl(url);
  const [type = '', id, ...rest] = pathname.split('/').filter((part) => part !== '');
  if (verb === 'GET' || verb === 'HEAD') return { verb, type, id, ...noConditions };
  if (rest.length > 0 || (id !== undefined && (!isId(id) || verb === 'POST'))) {
    throw new Failure('value', `Bundle.entry.request.url ${shown(url)} is not the address of a ${verb}.`);
  }
  return {
    verb,
    type,
    id,
    query: searchParams.size > 0 ? searchParams.toString() : undefined,
    ifNoneExist: parseCondition(textOf(value.ifNoneExist)),
    expectedVersion: parseVersion(textOf(value.ifMatch)),
  };
}

const noConditions = { query: undefined, ifNoneExist: undefined, expectedVersion: undefined };

function parseUrl(url: string): URL {
  const parsed = URL.parse(url.replace(/^\/+/, ''), 'http://import/');
  if (!parsed) throw new Failure('value', `Bundle.entry.request.url ${shown(url)} is not a URL.`);
  return parsed;
}

function parseCondition(text: string | undefined): string | undefined {
  const query = text?.replace(/^.*\?/, '').trim();
  if (query === '') throw new Failure('required', 'Bundle.entry.request.ifNoneExist needs a search parameter.');
  return query;
}

function parseVersion(etag: string | undefined): number | undefined {
  if (etag === undefined) return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(etag)?.[1];
  if (version === undefined) throw new Failure('value', 'Bundle.entry.request.ifMatch must be an ETag such as W/"3".');
  return Number(version);
}

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const shown = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value.slice(0, 100) : 'resource without resourceType';
