import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { statusOf } from '../concept.ts';
import { type Designation, designationsOf, designationsOfReference, preferred } from '../designation.ts';
import { extensionsOf, extensionUrl, objectsAt, printValue, textAt, valueIn } from '../element.ts';
import type { Settings } from '../settings.ts';
import type { Member } from './members.ts';

const standard = 'http://hl7.org/fhir/concept-properties#';
const propertyExtension = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property';

/** A property of a member, which FHIR R4 has as an extension. */
export interface MemberProperty {
  readonly code: string;
  readonly uri: string | undefined;
  /** `valueCode` and the like. */
  readonly name: string;
  readonly value: JsonValue;
}

/** An element of expansion.contains, and its properties, which the expansion declares. */
export function printMember(
  member: Member,
  settings: Settings,
  showVersion: boolean,
): { element: JsonObject; properties: MemberProperty[] } {
  const { system, version, code, concept, listed } = member;
  if (listed) return { element: listed, properties: [] };
  const designations = designationsOfMember(member);
  const shown = preferred(designations, settings.languages) ?? fallback(designations, settings);
  const properties = propertiesOf(member, settings);
  const extensions = [...extensionsOfMember(member), ...properties.map(printProperty)];
  const more = settings.isSet('includeDesignations') ? otherDesignations(designations, shown, settings) : [];
  const element: JsonObject = {
    ...(extensions.length > 0 && { extension: extensions }),
    system,
    ...(concept?.isAbstract && { abstract: true }),
    ...(concept?.isInactive && { inactive: true }),
    ...(showVersion && version !== undefined && { version }),
    code,
    ...(shown && { display: shown.value }),
    ...(more.length > 0 && { designation: more }),
  };
  return { element, properties };
}

/** Better a display in another language than none, unless somebody has ruled that out (`*;q=0`). */
function fallback(designations: readonly Designation[], { languages }: Settings): Designation | undefined {
  const isRuledOut = languages?.ranges.some(({ tag, quality }) => tag === '*' && quality === 0);
  return isRuledOut ? undefined : preferred(designations, undefined);
}

function designationsOfMember({ codeSystem, concept, reference, valueSet }: Member): Designation[] {
  if (!codeSystem || !concept) return [];
  const own = reference ? designationsOfReference(reference, textAt(valueSet, 'language')) : [];
  const display = own.filter(({ isDisplay, element }) => isDisplay && element === undefined);
  // What the value set calls the concept comes before what the code system does.
  return [...display, ...designationsOf(codeSystem, concept), ...own.filter((one) => !display.includes(one))];
}

function otherDesignations(
  designations: readonly Designation[],
  shown: Designation | undefined,
  { designations: wanted }: Settings,
): JsonObject[] {
  return designations
    .filter((one) => one !== shown && one.value !== (one.element ? undefined : shown?.value))
    .filter((one) => wanted.length === 0 || wanted.some((want) => isWanted(one, want)))
    .map(printDesignation);
}

/** `urn:ietf:bcp:47|de` asks for a language, `system|code` for a use. */
function isWanted({ language, use }: Designation, wanted: string): boolean {
  const at = wanted.lastIndexOf('|');
  const [system, code] = [wanted.slice(0, at), wanted.slice(at + 1)];
  if (system === 'urn:ietf:bcp:47') return language === code;
  return textAt(use, 'system') === system && textAt(use, 'code') === code;
}

const keptDesignationExtensions = [
  'coding-sctdescid',
  'rendering-style',
  'rendering-xhtml',
  'structuredefinition-standards-status',
  'codesystem-alternate',
];

function printDesignation({ language, use, value, element, isDisplay }: Designation): JsonObject {
  const extension = keptDesignationExtensions.flatMap((name) => extensionsOf(element, name));
  return {
    ...(extension.length > 0 && { extension }),
    ...(language !== undefined && { language }),
    ...(use ? { use } : element === undefined && isDisplay ? { use: preferredUse } : {}),
    value,
  };
}

const preferredUse: JsonObject = {
  system: 'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra',
  code: 'preferredForLanguage',
  display: 'Preferred For Language',
};

const keptOfConcept = ['coding-sctdescid', 'rendering-style', 'rendering-xhtml', 'codesystem-alternate'];
const keptOfReference = [
  'valueset-supplement',
  'valueset-deprecated',
  'structuredefinition-standards-status',
  'valueset-concept-definition',
  'coding-sctdescid',
  'rendering-style',
  'rendering-xhtml',
];

const extensionsOfMember = ({ concept, reference }: Member): JsonObject[] => [
  ...keptOfConcept.flatMap((name) => extensionsOf(concept?.content, name)),
  ...keptOfReference.flatMap((name) => extensionsOf(reference, name)),
];

function propertiesOf(member: Member, settings: Settings): MemberProperty[] {
  const { concept, codeSystem, reference } = member;
  if (!concept || !codeSystem) return [];
  const found: MemberProperty[] = [];
  const add = (code: string, uri: string | undefined, name: string, value: JsonValue | undefined) => {
    if (value !== undefined) found.push({ code, uri, name, value });
  };
  const status = statusOf(concept, codeSystem.names);
  if (status !== undefined && status !== 'active' && status !== 'inactive') {
    add('status', `${standard}status`, 'valueCode', status);
  }
  const either = (ofConcept: string, ofReference: string) =>
    valueOfExtension(reference, ofReference) ?? valueOfExtension(concept.content, ofConcept);
  add('label', `${standard}label`, 'valueString', either('codesystem-label', 'valueset-label'));
  add('order', `${standard}order`, 'valueDecimal', either('codesystem-conceptOrder', 'valueset-conceptOrder'));
  add('weight', `${standard}itemWeight`, 'valueDecimal', either('itemWeight', 'itemWeight'));
  if (settings.properties.includes('definition')) {
    add('definition', `${standard}definition`, 'valueString', textAt(concept.content, 'definition'));
  }
  const isAll = settings.properties.includes('*');
  for (const property of objectsAt(concept.content, 'property')) {
    const code = textAt(property, 'code') ?? '';
    const value = valueIn(property);
    const isKnown = found.some((one) => one.code === code && printValue(one.value) === printValue(value?.value));
    if (!value || isKnown || !(isAll || settings.properties.includes(code))) continue;
    const definition = objectsAt(codeSystem.resource, 'property').find((one) => one.code === code);
    add(code, textAt(definition, 'uri'), value.name, value.value);
  }
  return found;
}

function valueOfExtension(element: JsonObject | undefined, name: string): JsonValue | undefined {
  const extension = objectsAt(element, 'extension').find(({ url }) => url === extensionUrl(name));
  return extension && valueIn(extension)?.value;
}

const printProperty = ({ code, name, value }: MemberProperty): JsonObject => ({
  url: propertyExtension,
  extension: [
    { url: 'code', valueCode: code },
    { url: 'value', [name]: value },
  ],
});
