import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import type { CodeSystem } from './code-system.ts';
import type { Concept } from './concept.ts';
import { type Designation, designationsOf, preferred } from './designation.ts';
import { objectsAt, textAt, valueIn } from './element.ts';
import { terminologyFault } from './fault.ts';
import type { Scope } from './scope.ts';
import { joinCanonical } from './version.ts';

const mostChildren = 1_000;

/** The answer to $lookup. https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
export async function lookUp(
  scope: Scope,
  system: string,
  version: string | undefined,
  code: string,
): Promise<JsonObject> {
  const codeSystem = await findForLookup(scope, system, version);
  scope.requireSupplements();
  const [concept] = await codeSystem.concepts.find([code]);
  if (!concept) throw unknownCodeFault(codeSystem, code);
  const wanted = scope.settings.properties;
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes('*') || wanted.includes(name);
  const designations = designationsOf(codeSystem, concept);
  const shown = preferred(designations, scope.settings.languages) ?? preferred(designations, undefined);
  const definition = textAt(concept.content, 'definition');
  const name = textAt(codeSystem.resource, 'name');
  const parameter: JsonObject[] = [
    { name: 'code', valueCode: concept.code },
    { name: 'system', valueUri: codeSystem.url },
    ...(name === undefined ? [] : [{ name: 'name', valueString: name }]),
    ...(codeSystem.version === undefined ? [] : [{ name: 'version', valueString: codeSystem.version }]),
    ...(shown ? [{ name: 'display', valueString: shown.value }] : []),
    ...(definition !== undefined && isWanted('definition') ? [{ name: 'definition', valueString: definition }] : []),
    { name: 'abstract', valueBoolean: concept.isAbstract },
    ...(isWanted('designation') ? designations.map(printDesignation) : []),
    ...codeSystem.supplements.map((supplement) => ({ name: 'used-supplement', valueCanonical: supplement })),
    ...(await printProperties(codeSystem, concept, isWanted, wanted)),
  ];
  return { resourceType: 'Parameters', parameter };
}

/** The code system in the version that the request leads to; a failure names the versions that there are. */
export async function findForLookup(scope: Scope, system: string, version: string | undefined): Promise<CodeSystem> {
  const ruled = scope.ruledVersion(system, version);
  const codeSystem = await scope.findCodeSystem(system, ruled);
  if (codeSystem && codeSystem.content !== 'supplement') return codeSystem;
  const versions = await scope.versionsOf(system);
  throw terminologyFault({
    status: 404,
    code: 'not-found',
    detail: 'not-found',
    messageId: versions.length > 0 ? 'UNKNOWN_CODESYSTEM_VERSION' : 'UNKNOWN_CODESYSTEM',
    text:
      versions.length > 0
        ? `The code system ${joinCanonical(system, ruled)} is not known here, only its versions ${versions.join(', ')}.`
        : `The code system ${joinCanonical(system, ruled)} is not known here. Load it first.`,
  });
}

export const unknownCodeFault = (codeSystem: CodeSystem, code: string): Error =>
  terminologyFault({
    status: 404,
    code: 'not-found',
    detail: 'invalid-code',
    messageId: 'Unknown_Code_in_Version',
    text: `The code ${code} is not in the code system ${joinCanonical(codeSystem.url, codeSystem.version)}.`,
    expression: 'code',
  });

function printDesignation({ language, use, value, element }: Designation): JsonObject {
  const source = textAt(element, 'source');
  const shownUse = use ?? (element ? undefined : preferredUse);
  return {
    name: 'designation',
    part: [
      ...(language === undefined ? [] : [{ name: 'language', valueCode: language }]),
      ...(shownUse ? [{ name: 'use', valueCoding: shownUse }] : []),
      ...(source === undefined ? [] : [{ name: 'source', valueCanonical: source }]),
      { name: 'value', valueString: value },
    ],
  };
}

const preferredUse: JsonObject = {
  system: 'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra',
  code: 'preferredForLanguage',
  display: 'Preferred For Language',
};

async function printProperties(
  codeSystem: CodeSystem,
  concept: Concept,
  isWanted: (name: string) => boolean,
  wanted: readonly string[],
): Promise<JsonObject[]> {
  const { names, concepts } = codeSystem;
  const properties: JsonObject[] = [];
  const add = (code: string, kind: string, value: JsonValue, description?: string) => {
    const described = description === undefined ? [] : [{ name: 'description', valueString: description }];
    const part = [{ name: 'code', valueCode: code }, { name: 'value', [kind]: value }, ...described];
    properties.push({ name: 'property', part });
  };
  if (isWanted('inactive')) add('inactive', 'valueBoolean', concept.isInactive);
  if (concept.parents.length > 0 && isWanted('parent')) {
    for (const { code, display } of await concepts.numbered(concept.parents)) add('parent', 'valueCode', code, display);
  }
  if (concept.hasChildren && isWanted('child')) {
    const query = { conditions: [{ kind: 'child', number: concept.number } as const], words: [] };
    const children = await concepts.select(query, { after: -1, limit: mostChildren + 1 });
    if (children.length > mostChildren && wanted.includes('child')) throw tooManyChildren(concept.code);
    for (const { code, display } of children.slice(0, mostChildren)) add('child', 'valueCode', code, display);
  }
  const told = new Set([names.inactive, names.parent, names.child]);
  for (const property of objectsAt(concept.content, 'property')) {
    const [code, value] = [textAt(property, 'code'), valueIn(property)];
    if (code !== undefined && value && !told.has(code) && isWanted(code)) add(code, value.name, value.value);
  }
  return properties;
}

const tooManyChildren = (code: string): Error =>
  terminologyFault({
    code: 'too-costly',
    text: `The code ${code} has more than ${mostChildren} children. Page through them by $expand with the filter child-of.`,
  });
