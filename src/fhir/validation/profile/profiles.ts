import { readFileSync } from 'node:fs';
import { typeModel } from '../../definitions/index.ts';
import { buildFromSnapshot, buildRules } from './build-rules.ts';
import type { Rule } from './rule.ts';
import type { StructureDefinition } from './structure-definition.ts';

export interface Profile {
  readonly url: string;
  readonly version: string | undefined;
  readonly type: string;
  readonly rules: Rule;
  readonly definition: StructureDefinition;
}

/** The profiles and extensions that are known, by their canonical address, with or without `|version`. */
export interface Profiles {
  find(url: string): Profile | undefined;
  readonly urls: readonly string[];
}

let core: ReadonlyMap<string, StructureDefinition> | undefined;

/** The profiles and extensions that R4 itself defines. */
function coreDefinitions(): ReadonlyMap<string, StructureDefinition> {
  core ??= new Map(
    Object.entries(
      JSON.parse(readFileSync(new URL('../../definitions/generated/profiles.json', import.meta.url), 'utf8')) as Record<
        string,
        StructureDefinition
      >,
    ),
  );
  return core;
}

const coreAddress = 'http://hl7.org/fhir/StructureDefinition/';

/** Whether an address is that of a type of R4 itself, and of which. */
export function coreTypeOf(url: string): string | undefined {
  const plain = url.replace(/\|.*$/, '');
  const name = plain.startsWith(coreAddress) ? plain.slice(coreAddress.length) : undefined;
  const isType = name !== undefined && (typeModel(name) !== undefined || abstractTypes.has(name));
  return isType ? name : undefined;
}

const abstractTypes = new Set(['Resource', 'DomainResource', 'Element', 'BackboneElement']);

/** Compiled when first asked for. Where an address is given several times, the last definition counts. */
export function createProfiles(definitions: Iterable<StructureDefinition>): Profiles {
  const own = new Map<string, StructureDefinition>();
  for (const definition of definitions) {
    own.set(definition.url, definition);
    if (definition.version !== undefined) own.set(`${definition.url}|${definition.version}`, definition);
  }
  const compiled = new Map<StructureDefinition, Profile>();

  const definitionOf = (url: string): StructureDefinition | undefined => {
    const plain = url.replace(/\|.*$/, '');
    return own.get(url) ?? (url === plain ? undefined : own.get(plain)) ?? coreDefinitions().get(plain);
  };

  const compile = (definition: StructureDefinition, above: readonly string[]): Profile => {
    const { url, version, type, baseDefinition } = definition;
    const isOnType = baseDefinition === undefined || coreTypeOf(baseDefinition) !== undefined;
    const base = isOnType || above.includes(baseDefinition) ? undefined : definitionOf(baseDefinition);
    const hasDifferential = (definition.differential?.element.length ?? 0) > 0;
    const isDerivable = hasDifferential && (isOnType || base !== undefined);
    const rules = isDerivable
      ? buildRules(definition, base && compile(base, [...above, url]).rules)
      : buildFromSnapshot(definition);
    return { url, version, type, rules, definition };
  };

  return {
    urls: [...own.values()].map(({ url }) => url),
    find(url) {
      const at = url.indexOf('#');
      const definition = definitionOf(at < 0 ? url : url.slice(0, at));
      if (!definition) return undefined;
      const known = compiled.get(definition) ?? compile(definition, []);
      compiled.set(definition, known);
      return at < 0 ? known : partOf(known, url.slice(at + 1));
    },
  };
}

/** The part of a profile with this element id (`Composition.section:codeA`), as a profile on its own. */
function partOf(profile: Profile, elementId: string): Profile | undefined {
  let rule: Rule | undefined = profile.rules;
  for (const step of elementId.split('.').slice(1)) {
    const [name = '', sliceName] = step.split(':');
    const child: Rule | undefined = rule?.children.get(name);
    rule = sliceName === undefined ? child : child?.slices.get(sliceName);
  }
  return (
    rule && { ...profile, type: elementId.replace(/:[^.]*/g, ''), url: `${profile.url}#${elementId}`, rules: rule }
  );
}
