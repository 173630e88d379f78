import type { Json } from './match.ts';

type JsonMap = { [name: string]: Json };

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const prefix = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.';
const properties = new Set([`${prefix}property`, `${prefix}contains.property`]);

/** The suite is written in R5: what R4 has as extensions for elements of R5 becomes those elements. */
export function toR5(value: Json): Json {
  if (Array.isArray(value)) return value.map(toR5);
  if (!isMap(value)) return value;
  const { extension, ...rest } = value;
  const result: JsonMap = {};
  for (const [name, one] of Object.entries(rest)) result[name] = toR5(one);
  if (!Array.isArray(extension)) return result;
  const kept = extension.filter((one) => !isMap(one) || !properties.has(String(one.url)));
  const moved = extension.filter((one) => isMap(one) && properties.has(String(one.url)));
  if (kept.length > 0) result.extension = kept.map(toR5);
  if (moved.length > 0) result.property = moved.map(toProperty);
  return result;
}

function toProperty(extension: Json): Json {
  const property: JsonMap = {};
  for (const part of isMap(extension) && Array.isArray(extension.extension) ? extension.extension : []) {
    if (!isMap(part)) continue;
    const [name, value] = Object.entries(part).find(([key]) => key.startsWith('value')) ?? ['', ''];
    property[part.url === 'value' ? name : String(part.url)] = value;
  }
  return property;
}
