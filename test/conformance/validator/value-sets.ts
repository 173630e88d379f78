import { codeSet, codesOfSystem } from '#fhir/validation/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** The value sets and code systems that come with a case, as far as they are enumerated. */
export function createValueSets(resources: readonly JsonObject[]) {
  const byUrl = (type: string) =>
    new Map(
      resources.filter(({ resourceType }) => resourceType === type).map((resource) => [String(resource.url), resource]),
    );
  const valueSets = byUrl('ValueSet');
  const codeSystems = byUrl('CodeSystem');

  const inSystem = (system: string, code: string): boolean | undefined => {
    const known = codeSystems.get(system);
    return known ? codesIn(known.concept).includes(code) : codesOfSystem(system)?.has(code);
  };

  const inSet = (url: string, system: string | undefined, code: string, depth = 0): boolean | undefined => {
    const valueSet = valueSets.get(url.replace(/\|.*$/, ''));
    if (!valueSet) {
      const known = codeSet(url);
      return known && (system === undefined ? known.hasCode(code) : known.has(system, code));
    }
    const { compose } = valueSet;
    if (!isJsonObject(compose) || !Array.isArray(compose.include) || depth > 5) return undefined;
    const answers = compose.include.map((part) => inPart(part as JsonObject, system, code, depth));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? undefined : false;
  };

  const inPart = (part: JsonObject, system: string | undefined, code: string, depth: number): boolean | undefined => {
    if (Array.isArray(part.valueSet)) {
      const answers = part.valueSet.map((url) => inSet(String(url), system, code, depth + 1));
      return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
    }
    if (system !== undefined && part.system !== system) return false;
    if (Array.isArray(part.concept)) return part.concept.some((concept) => (concept as JsonObject).code === code);
    if (part.filter !== undefined) return undefined;
    return inSystem(String(part.system), code);
  };

  return {
    memberOf: (value: JsonValue, url: string): boolean | undefined => {
      if (typeof value === 'string') return inSet(url, undefined, value);
      if (!isJsonObject(value)) return undefined;
      const codings = Array.isArray(value.coding) ? value.coding.filter(isJsonObject) : [value];
      const answers = codings.map(({ system, code }) =>
        typeof code === 'string' ? inSet(url, typeof system === 'string' ? system : '', code) : false,
      );
      if (answers.includes(true)) return true;
      return answers.includes(undefined) ? undefined : false;
    },
  };
}

function codesIn(concepts: JsonValue | undefined): string[] {
  if (!Array.isArray(concepts)) return [];
  return concepts.filter(isJsonObject).flatMap((concept) => [String(concept.code), ...codesIn(concept.concept)]);
}
