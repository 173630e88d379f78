import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** A property of some object in a resource. */
export interface Place {
  readonly holder: JsonObject;
  readonly name: string;
}

/** A resource and all objects in it. */
export function objectsOf(value: JsonValue): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(objectsOf)] : [];
}

/** All properties in a resource that its definition describes. */
export const placesOf = (resource: JsonObject): Place[] =>
  objectsOf(resource).flatMap((holder) =>
    Object.keys(holder)
      .filter((name) => name !== 'resourceType')
      .map((name) => ({ holder, name })),
  );

/** Puts something there that no definition allows: the wrong number of values, an object for a primitive or the reverse. */
export function breakKind({ holder, name }: Place, way: number): void {
  const value = holder[name] as JsonValue;
  const [first = null] = Array.isArray(value) ? value : [];
  const ways: JsonValue[] = Array.isArray(value)
    ? [first, [], [...value, [first]], null]
    : [[value], null, isJsonObject(value) ? 'text' : { notFhir: value }, []];
  holder[name] = ways[way % ways.length] as JsonValue;
}
