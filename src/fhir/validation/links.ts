import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type CompiledElement, type CompiledType, compiledType } from './compiled-type.ts';

/** A place of a resource that points to another resource. */
export interface Link {
  readonly kind: 'reference' | 'uri' | 'narrative';
  /** What holds the text: a Reference, or the object or array with a URI or a narrative. */
  readonly holder: JsonObject | JsonValue[];
  readonly key: string | number;
  readonly text: string;
  /** FHIRPath of the holder of a reference, otherwise of the text itself. */
  path: string;
}

/** Every Reference of a resource, its extensions and contained resources, and every URI that names an urn:uuid or urn:oid. */
export function collectLinks(resource: JsonObject): Link[] {
  const links: Link[] = [];
  collectFromResource(resource, links);
  const root = String(resource.resourceType);
  for (const link of links) link.path = root + link.path;
  return links;
}

function collectFromResource(resource: JsonObject, links: Link[]): void {
  const { resourceType } = resource;
  if (isResourceType(resourceType)) collectFromObject(compiledType(resourceType), resource, links);
}

function collectFromObject(type: CompiledType, object: JsonObject, links: Link[]): void {
  for (const name in object) {
    const element = type.elements.get(name);
    if (element === undefined || element.link === 'none') continue;
    const value = object[name] as JsonValue;
    const before = links.length;
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        const beforeItem = links.length;
        collectFromValue(element, value, index, links);
        if (links.length !== beforeItem) prefix(links, beforeItem, `[${index}]`);
      }
    } else collectFromValue(element, object, name, links);
    if (links.length !== before) prefix(links, before, `.${element.step}`);
  }
  if (type.name === 'Reference' && typeof object.reference === 'string') {
    links.push({ kind: 'reference', holder: object, key: 'reference', text: object.reference, path: '' });
  }
}

function prefix(links: Link[], from: number, step: string): void {
  for (let index = from; index < links.length; index++) {
    const link = links[index] as Link;
    link.path = step + link.path;
  }
}

function collectFromValue(
  element: CompiledElement,
  holder: JsonObject | JsonValue[],
  key: string | number,
  links: Link[],
) {
  const value = (holder as JsonObject)[key] as JsonValue;
  if (typeof value === 'string') {
    if (element.link === 'inside' || element.link === 'none' || !namesUrn(value, element.link)) return;
    links.push({ kind: element.link, holder, key, text: value, path: '' });
  } else if (typeof value === 'object' && value !== null) {
    if (element.type !== undefined) collectFromObject(element.type, value as JsonObject, links);
    else if (element.kind === 'resource') collectFromResource(value as JsonObject, links);
  }
}

/** Most URIs start with `h` and are passed over at the first letter. */
const namesUrn = (text: string, kind: 'uri' | 'narrative'): boolean =>
  kind === 'uri' ? text.startsWith('urn:') && /^urn:(?:uuid|oid):/.test(text) : /urn:(?:uuid|oid):/.test(text);
