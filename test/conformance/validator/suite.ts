import { existsSync, readFileSync } from 'node:fs';
import {
  codeSet,
  createProfiles,
  type StructureDefinition,
  type Validation,
  validateResource,
} from '#fhir/validation/index.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { xmlToResource } from '#testing/fhir-xml.ts';
import { sharedData } from '../shared-data.ts';
import { createValueSets } from './value-sets.ts';

const folder = `${sharedData}fhir-validator-r4/`;

interface Run {
  source?: string;
  supporting?: string[];
  java?: string | JsonObject;
}

interface ManifestCase extends Run {
  name: string;
  file: string;
  version?: string;
  module?: string;
  packages?: string[];
  profiles?: string[];
  profile?: Run;
  'bundle-param'?: { rule: string; profile: string };
}

/** One resource to be validated, on its own or against a profile, with what the reference validator said. */
export interface Case {
  readonly name: string;
  readonly module: string;
  readonly isValid: boolean;
  /** First error of the reference validator, to see what it was about. */
  readonly reason: string;
  readonly file: string;
  readonly supporting: readonly string[];
  readonly against: string | undefined;
  /** An entry of the Bundle that must meet a profile: type and number, as `Patient:0`. */
  readonly entry: { rule: string; profile: string } | undefined;
}

function outcomeOf(java: Run['java']): JsonObject | undefined {
  if (java === undefined) return undefined;
  if (typeof java !== 'string') return java;
  const path = `${folder}outcomes/${java}`;
  if (!existsSync(path)) return undefined;
  const outcome = JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  return isJsonObject(outcome.outcome) ? outcome.outcome : outcome;
}

function verdictOf(outcome: JsonObject): Pick<Case, 'isValid' | 'reason'> {
  const issues = (Array.isArray(outcome.issue) ? outcome.issue : []) as JsonObject[];
  const errors = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  const [first] = errors;
  const text = isJsonObject(first?.details) ? first.details.text : first?.diagnostics;
  return { isValid: errors.length === 0, reason: String(text ?? '') };
}

/** The R4 cases that need no foreign package and have a recorded outcome; the same again for runs against a profile. */
export function readCases(): Case[] {
  const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as { 'test-cases': ManifestCase[] };
  return manifest['test-cases'].flatMap((entry) => {
    const { version, packages, module, name, file } = entry;
    if (!version?.startsWith('4.0') || packages || module === undefined || !existsSync(folder + file)) return [];
    const files = [...(entry.supporting ?? []), ...(entry.profiles ?? [])];
    const common = { module, file, entry: entry['bundle-param'] };
    const cases: Case[] = [];
    const outcome = outcomeOf(entry.java);
    if (outcome) cases.push({ ...common, name, ...verdictOf(outcome), supporting: files, against: undefined });
    const { profile } = entry;
    const profiled = profile && outcomeOf(profile.java);
    if (profile?.source && profiled) {
      const supporting = [...files, ...(profile.supporting ?? [])];
      cases.push({
        ...common,
        name: `${name} as ${profile.source}`,
        ...verdictOf(profiled),
        supporting,
        against: profile.source,
      });
    }
    return cases;
  });
}

export function readResource(file: string): JsonObject {
  const text = readFileSync(folder + file, 'utf8').replace(/^\uFEFF/, '');
  if (!file.endsWith('.xml')) return parseJson(text) as JsonObject;
  return xmlToResource(text);
}

/** Definitions may stand in Bundles. */
function flattened(resource: JsonObject): JsonObject[] {
  const entries = resource.resourceType === 'Bundle' && Array.isArray(resource.entry) ? resource.entry : [];
  const inside = entries.flatMap((entry) =>
    isJsonObject(entry) && isJsonObject(entry.resource) ? [entry.resource] : [],
  );
  return [resource, ...inside];
}

function readQuietly(file: string): JsonObject[] {
  try {
    return flattened(readResource(file));
  } catch {
    return [];
  }
}

function entryOf(bundle: JsonObject, rule: string): JsonObject | undefined {
  const [type, number] = rule.split(':');
  return flattened(bundle).filter(({ resourceType }) => resourceType === type)[Number(number)];
}

/** The errors that we find, as sentences. */
export function errorsIn({ file, supporting, against, entry }: Case): string[] {
  let resource: JsonObject;
  try {
    resource = readResource(file);
  } catch (error) {
    return [`cannot be read: ${(error as Error).message}`];
  }
  const known = supporting.flatMap(readQuietly);
  const wanted = against === undefined ? [] : readQuietly(against);
  const all = [...known, ...wanted];
  const definitions = all.filter(({ resourceType }) => resourceType === 'StructureDefinition');
  const urls = wanted
    .filter(({ resourceType }) => resourceType === 'StructureDefinition')
    .map(({ url }) => String(url));
  const valueSets = createValueSets(all);
  const validation: Validation = {
    profiles: createProfiles(definitions as unknown as StructureDefinition[]),
    against: urls.slice(0, 1),
    // The reference validator refuses what it has no definition of.
    unknownExtensions: 'error',
    memberOf: valueSets.memberOf,
    canonical: (url) => {
      const plain = url.replace(/\|.*$/, '');
      const isValueSet = codeSet(plain) !== undefined;
      return (
        all.find((candidate) => candidate.url === plain) ?? (isValueSet ? { resourceType: 'ValueSet' } : undefined)
      );
    },
  };
  const part = entry && entryOf(resource, entry.rule);
  const findings = part && entry ? validateResource(part, { ...validation, against: [entry.profile] }) : [];
  return [...validateResource(resource, validation), ...findings]
    .filter(({ severity, question }) => (severity === 'error' || severity === 'fatal') && question === undefined)
    .map(({ path, problem }) => `${path} ${problem}`);
}
