import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type CompiledElement, type CompiledType, compiledType } from './compiled-type.ts';

/** The values of `_summary`. https://hl7.org/fhir/R4/search.html#summary */
export type SummaryMode = 'true' | 'text' | 'data' | 'count' | 'false';

/** What stays whatever is asked for: without these a resource would not be itself, or could be misread. */
const alwaysKept = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension']);

/** A copy with the parts that a mode of `_summary` keeps, tagged as incomplete; for `false` the resource itself. */
export function summaryOf(resource: JsonObject, mode: SummaryMode): JsonObject {
  const type = typeOf(resource);
  if (mode === 'false' || !type) return resource;
  if (mode === 'true') return markSubsetted(summaryOfObject(type, resource));
  return markSubsetted(
    keepTopLevel(type, resource, (name, element) => {
      if (mode === 'data') return name !== 'text' && name !== '_text';
      return element.isRequired || (mode === 'text' && name === 'text');
    }),
  );
}

/**
 * A copy with the named top-level elements and those the definition requires, tagged as incomplete. A choice is named
 * without its type (`value`) or with it. https://hl7.org/fhir/R4/search.html#elements
 */
export function elementsOf(resource: JsonObject, names: readonly string[]): JsonObject {
  const type = typeOf(resource);
  if (!type) return resource;
  const wanted = new Set(names.map((name) => topLevelName(type, name)));
  return markSubsetted(
    keepTopLevel(
      type,
      resource,
      (name, element) =>
        element.isRequired ||
        wanted.has(name.replace(/^_/, '')) ||
        (element.choice !== undefined && wanted.has(element.choice)),
    ),
  );
}

/** `Patient.name.family` and `name.family` ask for a part of `name`: the whole of it may be returned. */
function topLevelName(type: CompiledType, path: string): string | undefined {
  const steps = path.trim().split('.');
  return steps[0] === type.name ? steps[1] : steps[0];
}

const typeOf = ({ resourceType }: JsonObject): CompiledType | undefined =>
  isResourceType(resourceType) ? compiledType(resourceType) : undefined;

function keepTopLevel(
  type: CompiledType,
  resource: JsonObject,
  isKept: (name: string, element: CompiledElement) => boolean,
): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    const element = type.elements.get(name);
    if (alwaysKept.has(name) || (element && isKept(name, element))) kept[name] = value;
  }
  return kept;
}

function summaryOfObject(type: CompiledType, object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const element = type.elements.get(name);
    if (element?.isSummary || element?.isRequired) kept[name] = summaryOfValue(element, value);
    else if (name === 'modifierExtension' || (name === 'resourceType' && type.isResource)) kept[name] = value;
  }
  return kept;
}

function summaryOfValue(element: CompiledElement, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => summaryOfValue(element, item));
  if (element.kind !== 'complex' || !element.type || !hasSummary(element.type) || !isJsonObject(value)) return value;
  const summary = summaryOfObject(element.type, value);
  // Nothing but extensions, perhaps: an empty object would be no FHIR.
  return Object.keys(summary).length > 0 ? summary : value;
}

const withSummary = new Map<CompiledType, boolean>();

function hasSummary(type: CompiledType): boolean {
  const known = withSummary.get(type);
  if (known !== undefined) return known;
  const found = [...type.elements].some(([name, element]) => element.isSummary && name !== 'modifierExtension');
  withSummary.set(type, found);
  return found;
}

const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** Marks what is incomplete, so that nobody writes it back over the whole. */
function markSubsetted(resource: JsonObject): JsonObject {
  const { resourceType, id, meta, ...rest } = resource;
  const { tag, ...restOfMeta } = isJsonObject(meta) ? meta : {};
  const tags = Array.isArray(tag) ? tag : [];
  return {
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(id === undefined ? {} : { id }),
    meta: { ...restOfMeta, tag: [...tags.filter((item) => !isSubsetted(item)), subsetted] },
    ...rest,
  };
}

const isSubsetted = (tag: JsonValue): boolean =>
  isJsonObject(tag) && tag.system === subsetted.system && tag.code === subsetted.code;
