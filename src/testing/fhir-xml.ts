import { type ElementModel, typeModel } from '#fhir/definitions/index.ts';
import { type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { elementsOf, parseXml, printXml, type XmlElement } from './xml.ts';

/**
 * The JSON of a resource written in FHIR XML, for suites that others wrote so; numbers keep their digits, and a value
 * that its type does not allow stays as it is. https://hl7.org/fhir/R4/xml.html
 */
export const xmlToResource = (text: string): JsonObject => elementToResource(parseXml(text));

/** Of an element that is named after its resource type. */
export function elementToResource(element: XmlElement): JsonObject {
  if (!typeModel(element.name)) throw new Error(`${element.name} is no resource type of R4`);
  return { resourceType: element.name, ...membersOf(element, element.name) };
}

function membersOf(element: XmlElement, typeName: string): JsonObject {
  const object: JsonObject = {};
  const { id, url } = element.attributes;
  if (id !== undefined) object.id = id;
  if (url !== undefined) object.url = url;
  for (const child of elementsOf(element)) addChild(object, child, modelOf(typeName, child.name));
  return object;
}

function modelOf(typeName: string, name: string): ElementModel {
  if (typeName === 'Element') return { type: 'Extension', array: true };
  const model = typeModel(typeName)?.elements[name];
  if (!model) throw new Error(`${typeName} has no element ${name}`);
  return model;
}

function addChild(object: JsonObject, child: XmlElement, model: ElementModel): void {
  const { name } = child;
  if (model.type === 'xhtml') object[name] = printXml(child);
  else if (typeModel(model.type)?.kind === 'primitive-type') addPrimitive(object, child, model);
  else addValue(object, name, complexOf(child, model.type), model);
}

function complexOf(child: XmlElement, typeName: string): JsonObject {
  if (typeName !== 'Resource') return membersOf(child, typeName);
  const [resource] = elementsOf(child);
  if (!resource) throw new Error(`${child.name} holds no resource`);
  return elementToResource(resource);
}

/** A value, and in the sibling beside it what belongs to the element: both arrays have the same length. */
function addPrimitive(object: JsonObject, child: XmlElement, model: ElementModel): void {
  const { name } = child;
  const { value } = child.attributes;
  const element = membersOf(child, 'Element');
  const hasElement = Object.keys(element).length > 0;
  const sibling = `_${name}`;
  if (!model.array) {
    if (object[name] !== undefined) throw new Error(`${name} may stand once`);
    if (value !== undefined) object[name] = primitiveOf(value, model.type);
    if (hasElement) object[sibling] = element;
    return;
  }
  const values = arrayOf(object, name);
  const siblings = Array.isArray(object[sibling]) ? object[sibling] : values.map(() => null);
  values.push(value === undefined ? null : primitiveOf(value, model.type));
  siblings.push(hasElement ? element : null);
  if (siblings.some((entry) => entry !== null)) object[sibling] = siblings;
  if (values.every((entry) => entry === null)) delete object[name];
  else object[name] = values;
}

/** The values so far; as many nulls as there are siblings when no value was there yet. */
function arrayOf(object: JsonObject, name: string): JsonValue[] {
  const values = object[name];
  if (Array.isArray(values)) return values;
  const siblings = object[`_${name}`];
  return Array.isArray(siblings) ? siblings.map(() => null) : [];
}

function addValue(object: JsonObject, name: string, value: JsonValue, { array }: ElementModel): void {
  const before = object[name];
  if (Array.isArray(before)) before.push(value);
  else if (before !== undefined) throw new Error(`${name} may stand once`);
  else object[name] = array ? [value] : value;
}

const numbers = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

function primitiveOf(value: string, typeName: string): JsonValue {
  if (typeName === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (numbers.has(typeName) && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return parseJson(value);
  return value;
}
