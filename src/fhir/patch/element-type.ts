import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type ElementModel, typeModel } from '../definitions/index.ts';

/** An element by the name that it has in JSON: `valueQuantity`. */
export interface NamedElement {
  name: string;
  model: ElementModel;
}

/** What the sibling of a primitive may hold. */
const partsOfPrimitive: Readonly<Record<string, ElementModel>> = {
  id: { type: 'string' },
  extension: { type: 'Extension', array: true },
};

function elementsOf(type: string): Readonly<Record<string, ElementModel>> {
  const model = typeModel(type);
  return model && model.kind !== 'primitive-type' ? model.elements : partsOfPrimitive;
}

/** The type whose elements an object has: what `contained` and the like hold says so itself. */
export const typeOf = (type: string, object: JsonObject): string =>
  type === 'Resource' && typeof object.resourceType === 'string' ? object.resourceType : type;

/** `value` of an Observation that has a `valueQuantity`: that one. */
export function presentElement(type: string, object: JsonObject, name: string): NamedElement | undefined {
  const elements = elementsOf(type);
  const model = Object.hasOwn(elements, name) ? elements[name] : undefined;
  if (model) return { name, model };
  return choicesOf(type, name).find(
    (choice) => Object.hasOwn(object, choice.name) || Object.hasOwn(object, `_${choice.name}`),
  );
}

/** `value` with a Quantity to be written: `valueQuantity`. Fails with `value` when the type has no such element. */
export function writableElement(type: string, name: string, suffix: string | undefined): NamedElement {
  const elements = elementsOf(type);
  const model = Object.hasOwn(elements, name) ? elements[name] : undefined;
  if (model) return { name, model };
  const choices = choicesOf(type, name);
  const chosen = choices.find((choice) => choice.name === `${name}${suffix}`);
  if (chosen) return chosen;
  throw new Failure(
    'value',
    choices.length > 0
      ? `${type}.${name} takes ${choices.map((choice) => choice.name).join(', ')}, not value${suffix ?? ''}.`
      : `${type} has no element ${name.slice(0, 100)}.`,
  );
}

const choicesOf = (type: string, name: string): NamedElement[] =>
  Object.entries(elementsOf(type))
    .filter(([, model]) => model.choice === name)
    .map(([full, model]) => ({ name: full, model }));
