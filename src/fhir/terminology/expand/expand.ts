import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import type { CodeSystem } from '../code-system.ts';
import { objectAt, textAt } from '../element.ts';
import { terminologyFault } from '../fault.ts';
import type { FoundValueSet, Scope } from '../scope.ts';
import { statusWarning } from '../validate/canonical-status.ts';
import { type PreparedValueSet, prepareValueSet } from '../validate/prepare.ts';
import { findRuled } from '../validate/version-choice.ts';
import { joinCanonical, splitCanonical } from '../version.ts';
import { wantedWords } from '../words.ts';
import { collectMembers } from './collect.ts';
import type { Member, Wanted } from './members.ts';
import { nest } from './nest.ts';
import { type MemberProperty, printMember } from './print-member.ts';

const definitionExtension = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.property';
const unclosed = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';

/** What is told about how the expansion came to be. */
class Trail {
  readonly parameters = new Map<string, JsonObject>();
  readonly fragments = new Set<string>();

  add(name: string, kind: string, value: JsonValue): void {
    const key = `${name} ${JSON.stringify(value)}`;
    if (!this.parameters.has(key)) this.parameters.set(key, { name, [kind]: value });
  }
}

/** The answer to $expand. `limit`: as many members are given at once. https://hl7.org/fhir/R4/valueset-operation-expand.html */
export async function expandValueSet(scope: Scope, found: FoundValueSet, limit: number): Promise<JsonObject> {
  const { settings } = scope;
  settings.takeFrom(found.resource);
  const trail = new Trail();
  echoSettings(scope, trail);
  tellStatus(trail, found.resource, found.resource);
  const valueSet = await prepareValueSet(scope, found, { unknownImport });
  scope.requireSupplements();
  const wanted: Wanted = {
    scope,
    words: wantedWords(settings.text('filter') ?? ''),
    isActiveOnly: settings.isSet('activeOnly'),
    isSelectableOnly: settings.isSet('excludeNotForUI'),
    onCodeSystem: (codeSystem) => tellCodeSystem(trail, codeSystem, found.resource),
    onImport: (imported) => tellImport(trail, imported, found.resource),
  };
  matchVersions(scope, valueSet, trail);
  for (const { system, version, imports } of valueSet.excludes) {
    for (const imported of imports) tellImport(trail, imported, found.resource);
    const excluded = system === undefined ? undefined : await findRuled(scope, system, version);
    if (excluded) tellCodeSystem(trail, excluded, found.resource);
  }
  const { members, total, isPaged } = await collectMembers(wanted, valueSet, limit);
  const expansion = printExpansion(scope, trail, { members, total, isPaged, valueSet });
  return { ...header(found.resource, settings.isSet('includeDefinition')), expansion };
}

/**
 * Where a value set excludes another version of the code system than it includes, nothing would be excluded if versions
 * counted: so they do not, unless somebody says that they do.
 */
function matchVersions({ settings }: Scope, { includes, excludes }: PreparedValueSet, trail: Trail): void {
  const [first] = includes;
  const all = [...includes, ...excludes];
  const isOneSystem = all.every(({ system, version }) => system === first?.system && version !== undefined);
  const hasSame = includes.some(({ version }) => excludes.some((exclude) => exclude.version === version));
  if (settings.has('versionsMatch') || excludes.length === 0 || !isOneSystem || hasSame) return;
  settings.take('versionsMatch', true, false);
  trail.add('versionsMatch', 'valueBoolean', true);
}

function unknownImport(canonical: string): Error {
  const { version } = splitCanonical(canonical);
  return terminologyFault({
    code: 'not-found',
    detail: 'not-found',
    messageId: version === undefined ? 'VS_EXP_IMPORT_UNK' : 'VS_EXP_IMPORT_UNK_PINNED',
    text: `The imported value set ${canonical} is not known here. Store it, or leave it out.`,
  });
}

const echoed: Record<string, string> = {
  activeOnly: 'valueBoolean',
  excludeNested: 'valueBoolean',
  excludeNotForUI: 'valueBoolean',
  excludePostCoordinated: 'valueBoolean',
  versionsMatch: 'valueBoolean',
  includeDefinition: 'valueBoolean',
  includeDesignations: 'valueBoolean',
  count: 'valueInteger',
  offset: 'valueInteger',
  filter: 'valueString',
};

function echoSettings({ settings }: Scope, trail: Trail): void {
  for (const [name, kind] of Object.entries(echoed)) {
    if (!settings.has(name)) continue;
    if (name === 'versionsMatch' && !settings.isSet(name)) continue;
    if (kind === 'valueBoolean') trail.add(name, kind, settings.isSet(name));
    else if (kind === 'valueInteger') trail.add(name, kind, settings.integer(name) ?? 0);
    else trail.add(name, kind, settings.text(name) ?? '');
  }
  if (settings.languages) trail.add('displayLanguage', 'valueCode', settings.languages.text);
  for (const designation of settings.designations) trail.add('designation', 'valueString', designation);
  for (const system of settings.excludedSystems) trail.add('exclude-system', 'valueUri', system);
}

const canonical = (resource: JsonObject): string =>
  joinCanonical(textAt(resource, 'url') ?? '', textAt(resource, 'version'));

function tellStatus(trail: Trail, resource: JsonObject, source: JsonObject): void {
  const warning = statusWarning(resource, source);
  if (!warning) return;
  trail.add(`warning-${warning}`, 'valueUri', canonical(resource));
}

function tellCodeSystem(trail: Trail, codeSystem: CodeSystem, source: JsonObject): void {
  const name = joinCanonical(codeSystem.url, codeSystem.version);
  trail.add('used-codesystem', 'valueUri', name);
  tellStatus(trail, codeSystem.resource, source);
  for (const supplement of codeSystem.supplements) trail.add('used-supplement', 'valueUri', supplement);
  if (codeSystem.content === 'complete') return;
  trail.add(codeSystem.content === 'fragment' ? 'used-fragment' : codeSystem.content, 'valueUri', name);
  trail.fragments.add(codeSystem.url);
}

function tellImport(trail: Trail, { found }: PreparedValueSet, source: JsonObject): void {
  tellStatus(trail, found.resource, source);
  if (!found.isContained && found.url !== '') {
    trail.add('used-valueset', 'valueUri', joinCanonical(found.url, found.version));
  }
}

interface Collected {
  members: readonly Member[];
  total: number | undefined;
  isPaged: boolean;
  valueSet: PreparedValueSet;
}

function printExpansion(scope: Scope, trail: Trail, { members, total, isPaged, valueSet }: Collected): JsonObject {
  const { settings } = scope;
  const showVersion = hasSeveralVersions(valueSet);
  const definitions = new Map<string, MemberProperty>();
  const elements = members.map((member) => {
    const { element, properties } = printMember(member, settings, showVersion);
    for (const property of properties) definitions.set(property.code, property);
    return element;
  });
  for (const { name, canonical: rule } of scope.usedRules.values()) trail.add(name, 'valueUri', rule);
  const isSearch = settings.has('filter') && valueSet.includes.every(({ filters }) => filters.length === 0);
  const isPlain = isPaged || settings.isSet('excludeNested') || isSearch || hasManyParents(members);
  const mayNest = !isPlain && canNest(valueSet);
  const contains = mayNest ? nest(members, elements) : elements;
  const extension = [...unclosedExtensions(trail), ...[...definitions.values()].map(printDefinition)];
  const offset = settings.integer('offset');
  return {
    ...(extension.length > 0 && { extension }),
    identifier: `urn:uuid:${randomUUID()}`,
    timestamp: new Date().toISOString(),
    ...(total !== undefined && { total }),
    ...(offset !== undefined && { offset }),
    ...(trail.parameters.size > 0 && { parameter: [...trail.parameters.values()] }),
    ...(contains.length > 0 && { contains }),
  };
}

/** Whether the value set names a code system in more than one version. */
function hasSeveralVersions({ includes, excludes }: PreparedValueSet): boolean {
  const all = [...includes, ...excludes];
  const named = new Set(all.flatMap(({ system, version }) => (system ? [joinCanonical(system, version)] : [])));
  return named.size > new Set(all.flatMap(({ system }) => system ?? [])).size;
}

/** Whole code systems and single filters keep their hierarchy. */
const canNest = ({ includes, excludes, found }: PreparedValueSet): boolean =>
  objectAt(found.resource, 'compose') !== undefined &&
  [...includes, ...excludes].every(
    ({ concepts, imports, filters }) => concepts === undefined && imports.length === 0 && filters.length < 2,
  );

/** Such a hierarchy is no tree. */
const hasManyParents = (members: readonly Member[]): boolean =>
  members.some(({ concept }) => concept !== undefined && concept.parents.length > 1);

const unclosedExtensions = ({ fragments }: Trail): JsonObject[] =>
  [...fragments].flatMap((url): JsonObject[] => [
    { url: unclosed, valueBoolean: true },
    {
      url: `${unclosed}-reason`,
      valueString: `This extension is based on a fragment of the code system ${url}`,
    },
  ]);

const printDefinition = ({ code, uri }: MemberProperty): JsonObject => ({
  url: definitionExtension,
  extension: [{ url: 'code', valueCode: code }, ...(uri === undefined ? [] : [{ url: 'uri', valueUri: uri }])],
});

const definitionParts = ['compose', 'text', 'contained', 'purpose', 'copyright', 'description', 'contact', 'publisher'];

function header(resource: JsonObject, withDefinition: boolean): JsonObject {
  const { expansion: _, id: __, meta: ___, ...rest } = resource;
  if (withDefinition) return rest;
  const kept = Object.entries(rest).filter(([name]) => !definitionParts.includes(name) && name !== 'extension');
  return Object.fromEntries(kept);
}
