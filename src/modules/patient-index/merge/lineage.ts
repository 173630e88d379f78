import { isJsonObject, type JsonObject, type JsonValue, printJson } from '#lib/json/index.ts';

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

const isSame = (left: JsonValue, right: JsonValue): boolean =>
  isJsonObject(left) && isJsonObject(right) && left.system === right.system && left.value === right.value;

const isLinkTo = (link: JsonValue, id: string): boolean =>
  isJsonObject(link) && isJsonObject(link.other) && link.other.reference === `Patient/${id}`;

function withList(resource: JsonObject, name: string, list: JsonValue[]): JsonObject {
  const { [name]: _, ...rest } = resource;
  return list.length > 0 ? { ...resource, [name]: list } : rest;
}

/**
 * The Patient that is no longer to be used. Its identifiers go to the survivor, so that what is looked up by one, and what a
 * hospital writes under one, finds a single Patient.
 */
export function supersede(source: JsonObject, survivor: string): JsonObject {
  const { identifier: _, ...rest } = source;
  const links = listOf(source.link).filter((link) => !isLinkTo(link, survivor));
  const link = { other: { reference: `Patient/${survivor}` }, type: 'replaced-by' };
  return { ...rest, active: false, link: [...links, link] };
}

/** Links that say who else this person is, such as the parent of somebody; not those that tell of merges. */
const relationsOf = ({ link }: JsonObject): JsonValue[] =>
  listOf(link).filter((one) => isJsonObject(one) && one.type !== 'replaces' && one.type !== 'replaced-by');

const isSameLink = (left: JsonValue, right: JsonValue): boolean => printJson(left) === printJson(right);

/** Which of the source's links the survivor takes over. */
function addedLinks(target: JsonObject, source: JsonObject): JsonValue[] {
  const own = listOf(target.link);
  const toTarget = (link: JsonValue) => typeof target.id === 'string' && isLinkTo(link, target.id);
  return relationsOf(source).filter((link) => !toTarget(link) && !own.some((other) => isSameLink(link, other)));
}

/** The survivor: it replaces the source, bears its identifiers as old ones, and is who else the source was. */
export function unite(target: JsonObject, source: JsonObject, sourceId: string): JsonObject {
  const links = [...listOf(target.link), ...addedLinks(target, source)].filter((link) => !isLinkTo(link, sourceId));
  const own = listOf(target.identifier);
  const added = listOf(source.identifier)
    .filter((identifier) => !own.some((other) => isSame(identifier, other)))
    .map((identifier) => (isJsonObject(identifier) ? { ...identifier, use: 'old' } : identifier));
  const united = withList(target, 'identifier', [...own, ...added]);
  return { ...united, link: [...links, { other: { reference: `Patient/${sourceId}` }, type: 'replaces' }] };
}

/** The survivor as it is now without what it has of the source: for one that was changed since. */
export function separate(survivor: JsonObject, before: JsonObject, source: JsonObject, sourceId: string): JsonObject {
  const own = listOf(before.identifier);
  const ofSource = listOf(source.identifier).filter((identifier) => !own.some((other) => isSame(identifier, other)));
  const identifiers = listOf(survivor.identifier).filter(
    (identifier) => !ofSource.some((other) => isSame(identifier, other)),
  );
  const added = addedLinks(before, source);
  const links = listOf(survivor.link).filter(
    (link) => !isLinkTo(link, sourceId) && !added.some((other) => isSameLink(link, other)),
  );
  const former = listOf(before.link).filter((link) => isLinkTo(link, sourceId));
  return withList(withList(survivor, 'identifier', identifiers), 'link', [...links, ...former]);
}
