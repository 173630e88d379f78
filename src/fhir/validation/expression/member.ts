import { Failure } from '#lib/failure.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { isResourceType, typeModel } from '../../definitions/index.ts';
import { compiledType } from '../compiled-type.ts';
import { type Collection, type Evaluator, isObject, valueless } from './compiled.ts';

/** A JSON name in which an element may stand, with the type that it has there. */
interface Place {
  readonly name: string;
  readonly sibling: string | undefined;
  readonly type: string;
}

export const isPrimitive = (type: string): boolean => typeModel(type)?.kind === 'primitive-type';

export const unsupported = (what: string): Failure =>
  new Failure('not-supported', `FHIRPath: ${what} is not understood.`);

const inEveryResource: ReadonlyMap<string, string> = new Map(
  Object.entries({
    id: 'id',
    meta: 'Meta',
    implicitRules: 'uri',
    language: 'code',
    text: 'Narrative',
    contained: 'Resource',
    extension: 'Extension',
    modifierExtension: 'Extension',
  }),
);

function placesIn(type: string, name: string): Place[] {
  if (type === 'Resource') return placesInResource(name);
  if (isPrimitive(type)) return [];
  const places: Place[] = [];
  for (const [jsonName, element] of compiledType(type).elements) {
    const isMeant = (element.choice ?? jsonName) === name;
    if (!isMeant || element.kind === 'sibling') continue;
    const sibling = element.kind === 'primitive' ? element.partner : undefined;
    places.push({ name: jsonName, sibling, type: element.kind === 'resource' ? 'Resource' : element.typeName });
  }
  return places;
}

function placesInResource(name: string): Place[] {
  const type = inEveryResource.get(name);
  if (type === undefined) throw unsupported(`${name} of a resource of any type`);
  return [{ name, sibling: isPrimitive(type) ? `_${name}` : undefined, type }];
}

/** The step to an element: of each value in the target, what stands in the places where the element can be. */
export function compileMember(target: Evaluator, name: string): Evaluator {
  const { types } = target;
  if (!types) return compileUntyped(target, name);
  const places = types.flatMap((type) => placesIn(type, name));
  if (places.length === 0) throw unsupported(`the element ${name} of ${types.join(' or ')}`);
  return atPlaces(target, places);
}

function atPlaces(target: Evaluator, places: readonly Place[]): Evaluator {
  return {
    types: [...new Set(places.map(({ type }) => type))],
    run: (scope, around) => {
      const found: JsonValue[] = [];
      for (const holder of target.run(scope, around)) {
        if (!isObject(holder)) continue;
        for (const place of places) take(holder, place, found);
      }
      return found;
    },
    narrow: (type) => {
      if (places.some((place) => place.type === 'Resource')) return ofResourceType(atPlaces(target, places), type);
      return atPlaces(
        target,
        places.filter((place) => isOfType(place.type, type)),
      );
    },
  };
}

function take(holder: JsonObject, { name, sibling }: Place, found: JsonValue[]): void {
  const value = holder[name];
  const beside = sibling === undefined ? undefined : holder[sibling];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (item !== null && item !== undefined) found.push(item);
      else if (Array.isArray(beside) && beside[index]) found.push(valueless);
    }
  } else if (value !== undefined && value !== null) found.push(value);
  else if (Array.isArray(beside)) for (const item of beside) item !== null && found.push(valueless);
  else if (beside !== undefined) found.push(valueless);
}

/** Of values whose type nobody knows, such as `descendants()`: the members of this name, choices included. */
function compileUntyped(target: Evaluator, name: string): Evaluator {
  return {
    types: undefined,
    run: (scope, around) => {
      const found: JsonValue[] = [];
      for (const holder of target.run(scope, around)) {
        if (!isObject(holder)) continue;
        const value = holder[name];
        if (Array.isArray(value)) for (const each of value.filter((item) => item !== null)) found.push(each);
        else if (value !== undefined) found.push(value);
      }
      return found;
    },
  };
}

/** `FHIR.Patient`, `System.Boolean`, `Boolean` and `boolean` are said of the same things. */
export const plainType = (type: string): string => {
  const name = type.replace(/^(?:FHIR|System)\./, '');
  const small = name.charAt(0).toLowerCase() + name.slice(1);
  return isPrimitive(small) ? small : name;
};

const specialisations: Record<string, readonly string[]> = {
  string: ['id', 'code', 'markdown'],
  uri: ['url', 'canonical', 'oid', 'uuid'],
  integer: ['positiveInt', 'unsignedInt'],
  Quantity: ['Age', 'Count', 'Distance', 'Duration', 'MoneyQuantity', 'SimpleQuantity'],
};

export const isOfType = (type: string, wanted: string): boolean =>
  type === wanted ||
  (specialisations[wanted]?.includes(type) ?? false) ||
  (wanted === 'Element' && !isResourceType(type)) ||
  (isResourceType(type) && (wanted === 'Resource' || wanted === 'DomainResource'));

export function ofResourceType(target: Evaluator, type: string): Evaluator {
  return {
    types: [type],
    run: (scope, around): Collection =>
      target
        .run(scope, around)
        .filter((value) => isObject(value) && isResourceType(value.resourceType) && isOfType(value.resourceType, type)),
  };
}

export function childrenOf(value: JsonValue): JsonValue[] {
  if (!isObject(value)) return [];
  const found: JsonValue[] = [];
  for (const [name, child] of Object.entries(value)) {
    if (name === 'resourceType' || (name.startsWith('_') && Object.hasOwn(value, name.slice(1)))) continue;
    if (Array.isArray(child)) for (const each of child.filter((item) => item !== null)) found.push(each);
    else found.push(child);
  }
  return found;
}

export function descendantsOf(value: JsonValue, found: JsonValue[] = []): JsonValue[] {
  for (const child of childrenOf(value)) {
    found.push(child);
    descendantsOf(child, found);
  }
  return found;
}
