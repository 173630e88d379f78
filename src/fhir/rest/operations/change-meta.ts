import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** What of a Meta can be added and taken away; the rest is the server's, or says where a version came from. */
const lists = ['profile', 'security', 'tag'] as const;

const itemsOf = (meta: JsonObject, name: string): JsonValue[] => {
  const value = meta[name];
  return Array.isArray(value) ? value : [];
};

const others = ['id', 'extension', 'versionId', 'lastUpdated', 'source'];

/** What is no Meta would change nothing, and nobody would be told. */
export function requireMeta(given: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(given)) {
    const isList = (lists as readonly string[]).includes(name);
    if (!isList && !others.includes(name)) throw new Failure('structure', `Meta has no element ${name.slice(0, 64)}.`);
    if (isList && !Array.isArray(value)) throw new Failure('structure', `Meta.${name} must be an array.`);
  }
  return given;
}

/** Profiles are the same by their address; tags and labels by system and code, whatever their display says. */
function identityOf(item: JsonValue): string {
  return isJsonObject(item) ? JSON.stringify([item.system ?? null, item.code ?? null]) : JSON.stringify(item);
}

/** https://hl7.org/fhir/R4/resource-operation-meta-add.html: what is there already stays as it is. */
export function addMeta(meta: JsonObject, added: JsonObject): JsonObject {
  return changeLists(meta, added, (present, more) => {
    const known = new Set(present.map(identityOf));
    return [...present, ...more.filter((item) => !known.has(identityOf(item)))];
  });
}

/** https://hl7.org/fhir/R4/resource-operation-meta-delete.html: what is not there is no failure. */
export function deleteMeta(meta: JsonObject, removed: JsonObject): JsonObject {
  return changeLists(meta, removed, (present, less) => {
    const gone = new Set(less.map(identityOf));
    return present.filter((item) => !gone.has(identityOf(item)));
  });
}

function changeLists(
  meta: JsonObject,
  other: JsonObject,
  change: (present: JsonValue[], other: JsonValue[]) => JsonValue[],
): JsonObject {
  const changed = { ...meta };
  for (const name of lists) {
    const items = change(itemsOf(meta, name), itemsOf(other, name));
    if (items.length > 0) changed[name] = items;
    else delete changed[name];
  }
  return changed;
}
