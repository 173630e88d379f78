import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type CompiledInvariant, type RuledElement, type RuledType, ruledType } from './compiled-rules.ts';
import type { Surroundings } from './expression/compiled.ts';
import { type Finding, prefix } from './finding.ts';
import { shown } from './primitive.ts';
import { referencedType } from './reference-target.ts';

/** Where the walk is: inside of which resource, and what it has found. */
interface Walk extends Surroundings {
  readonly findings: Finding[];
  readonly most: number;
  readonly isThorough: boolean;
}

export interface RuleOptions {
  /** Ends after so many findings. */
  most: number;
  /** Also looks at invariants that only warn. */
  isThorough: boolean;
  memberOf?: Surroundings['memberOf'];
  resolve?: Surroundings['resolve'];
}

/**
 * Checks a resource of sound structure against what else R4 asks: codes of required bindings, types of what is referred
 * to, invariants, contained resources. https://hl7.org/fhir/R4/conformance-rules.html
 */
export function findBrokenRules(resource: JsonObject, options: RuleOptions): Finding[] {
  const findings: Finding[] = [];
  const { memberOf, resolve } = options;
  const around = { resource, root: resource, ...(memberOf && { memberOf }), ...(resolve && { resolve }) };
  walkResource(resource, { ...around, findings, most: options.most, isThorough: options.isThorough });
  return findings;
}

function walkResource(resource: JsonObject, walk: Walk): void {
  const { resourceType } = resource;
  if (!isResourceType(resourceType)) return;
  walkObject(ruledType(resourceType), resource, walk);
  if (Array.isArray(resource.contained)) checkContained(resource, resource.contained, walk);
}

function walkObject(type: RuledType, object: JsonObject, walk: Walk): void {
  const { findings } = walk;
  for (const name in object) {
    const element = type.elements.get(name);
    if (element === undefined) continue;
    const value = object[name] as JsonValue;
    const before = findings.length;
    if (Array.isArray(value)) walkArray(element, value, walk);
    else walkValue(element, value, walk);
    if (findings.length !== before) {
      prefix(findings, before, `.${element.step}`);
      if (findings.length >= walk.most) return;
    }
  }
  if (type.invariants.length > 0) checkInvariants(type.invariants, object, walk);
  if (walk.isThorough && type.name === 'Narrative' && typeof object.div === 'string')
    checkNarrative(object.div, findings);
  if (type.name === 'Reference' && typeof object.reference === 'string') checkLocalReference(object.reference, walk);
}

function walkArray(element: RuledElement, values: readonly JsonValue[], walk: Walk): void {
  const { findings } = walk;
  for (let index = 0; index < values.length; index++) {
    const before = findings.length;
    walkValue(element, values[index] as JsonValue, walk);
    if (findings.length !== before) prefix(findings, before, `[${index}]`);
  }
}

function walkValue(element: RuledElement, value: JsonValue, walk: Walk): void {
  if (element.codes !== undefined) checkCode(element, value, walk.findings);
  if (element.targets !== undefined) checkTarget(element, value as JsonObject, walk);
  if (element.invariants.length > 0) checkInvariants(element.invariants, value, walk);
  if (element.type !== undefined) walkObject(element.type, value as JsonObject, walk);
  else if (element.isResource && isJsonObject(value)) {
    const root = element.step === 'contained' ? walk.root : value;
    walkResource(value, { ...walk, resource: value, root });
  }
}

function checkInvariants(invariants: readonly CompiledInvariant[], value: JsonValue, walk: Walk): void {
  for (const { key, severity, human, holds } of invariants) {
    if (severity === 'warning' && !walk.isThorough) continue;
    if (holds(value, walk)) continue;
    walk.findings.push({ severity, code: 'invariant', path: '', problem: `breaks ${key}: ${human}` });
  }
}

function checkCode({ codes, typeName, valueSet }: RuledElement, value: JsonValue, findings: Finding[]): void {
  if (codes === undefined) return;
  if (typeof value === 'string') {
    if (!codes.hasCode(value)) addCode(findings, `must be a code of ${valueSet}, not ${shown(value)}`);
  } else if (typeName === 'CodeableConcept') {
    const { coding } = value as JsonObject;
    const codings = Array.isArray(coding) ? coding : [];
    if (codings.some((item) => isIn(codes.has, item as JsonObject))) return;
    addCode(findings, `must have a coding of ${valueSet}`);
  } else if (typeName === 'Coding' || typeName === 'Quantity') {
    if (!isIn(codes.has, value as JsonObject)) {
      addCode(findings, `must be a coding of ${valueSet}, not ${shown((value as JsonObject).code)}`);
    }
  }
}

function isIn(has: (system: string | undefined, code: string) => boolean, { system, code }: JsonObject): boolean {
  return typeof code === 'string' && has(typeof system === 'string' ? system : undefined, code);
}

const addCode = (findings: Finding[], problem: string): void => {
  findings.push({ severity: 'error', code: 'code-invalid', path: '', problem });
};

function checkTarget({ targets, name }: RuledElement, reference: JsonObject, walk: Walk): void {
  if (targets === undefined) return;
  const named = typeof reference.type === 'string' && isResourceType(reference.type) ? reference.type : undefined;
  const pointed = typeof reference.reference === 'string' ? referencedType(reference.reference, walk.root) : undefined;
  const wrong = [pointed, named].find((type) => type !== undefined && !targets.has(type));
  if (wrong === undefined) return;
  const problem = `must refer to ${[...targets].join(', ')}, not to a ${wrong}`;
  const severity = pointedAtByExamples.has(`${name} ${wrong}`) ? 'warning' : 'error';
  walk.findings.push({ severity, code: 'value', path: '', problem });
}

/** HL7's own R4 examples refer to these types, against their definition, and must be storable. */
const pointedAtByExamples = new Set([
  'DeviceMetric.parent DeviceDefinition',
  'DeviceUseStatement.reasonReference Procedure',
  'MedicationRequest.dispenseRequest.performer Practitioner',
  'Observation.performer Encounter',
]);

/** txt-2: text, or an image, must be there to be read. Only warns, as four of HL7's own R4 examples have neither. */
function checkNarrative(xhtml: string, findings: Finding[]): void {
  if (/>[^<]*[^\s<][^<]*<|<img\s/.test(xhtml)) return;
  findings.push({
    severity: 'warning',
    code: 'invariant',
    path: '.div',
    problem: 'breaks txt-2: it must have some text or an image',
  });
}

/** ref-1: what `#id` names must be contained. */
function checkLocalReference(reference: string, walk: Walk): void {
  if (!reference.startsWith('#') || reference === '#') return;
  const { contained } = walk.root;
  const id = reference.slice(1);
  if (Array.isArray(contained) && contained.some((item) => isJsonObject(item) && item.id === id)) return;
  const problem = `breaks ref-1: it refers to ${shown(reference)}, which is not contained in the resource`;
  walk.findings.push({ severity: 'error', code: 'invariant', path: '', problem });
}

function checkContained(resource: JsonObject, contained: readonly JsonValue[], walk: Walk): void {
  const named = new Set<string>();
  collectLocalNames(resource, named);
  contained.forEach((item, index) => {
    if (!isJsonObject(item)) return;
    const add = (key: string, problem: string): void => {
      const path = `.contained[${index}]`;
      walk.findings.push({ severity: 'error', code: 'invariant', path, problem: `breaks ${key}: ${problem}` });
    };
    const { id, meta } = item;
    const isNamed = typeof id === 'string' && named.has(`#${id}`);
    if (!isNamed && !pointsToContainer(item))
      add('dom-3', 'nothing in the resource refers to it, nor does it refer to the resource');
    if (!isJsonObject(meta)) return;
    if (meta.versionId !== undefined || meta.lastUpdated !== undefined) {
      add('dom-4', 'a contained resource has no meta.versionId and no meta.lastUpdated');
    }
    if (meta.security !== undefined) add('dom-5', 'a contained resource has no security labels');
  });
}

/** All texts that start with `#`, and what narratives link to so. */
function collectLocalNames(value: JsonValue, found: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) found.add(value);
    else if (value.startsWith('<'))
      for (const [, name = ''] of value.matchAll(/=\s*["'](#[^"']*)["']/g)) found.add(name);
  } else if (Array.isArray(value)) for (const item of value) collectLocalNames(item, found);
  else if (isJsonObject(value)) for (const name in value) collectLocalNames(value[name] as JsonValue, found);
}

function pointsToContainer(contained: JsonObject): boolean {
  const names = new Set<string>();
  collectLocalNames(contained, names);
  return names.has('#');
}
