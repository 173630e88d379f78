import type { JsonObject, JsonValue } from '#lib/json/index.ts';

/** A member of the object's own: names of prototypes are names like others. */
export const memberOf = (object: JsonObject, name: string): JsonValue | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** `__proto__` is a name like any other in JSON; an assignment would change the prototype instead. */
export function setMember(object: JsonObject, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
