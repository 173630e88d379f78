import type { FailureCode, Issue } from '#lib/failure.ts';
import { isJsonObject, isRawNumber, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import { type CompiledElement, type CompiledType, compiledType } from './compiled-type.ts';
import { type Finding, prefix, printIssue } from './finding.ts';
import { shown } from './primitive.ts';

/** Checking ends after so many issues: nobody reads more, and a hostile body could cause millions. */
const mostIssues = 200;

const deepest = 100;

/**
 * Checks a resource against the structure of its R4 type: elements known, required ones there, single or repeated as
 * defined, primitives in their format, at most one type of a choice. Returns the issues found, none when it is good.
 * https://hl7.org/fhir/R4/json.html
 */
export function checkStructure(resource: JsonObject): Issue[] {
  const findings = findStructure(resource);
  return findings.length === 0 ? noIssues : printIssues(findings, resource);
}

export function findStructure(resource: JsonObject): Finding[] {
  const findings: Finding[] = [];
  checkResource(resource, findings, 0);
  return findings;
}

export function printIssues(findings: readonly Finding[], { resourceType }: JsonObject): Issue[] {
  const root = isResourceType(resourceType) ? resourceType : '';
  return findings.slice(0, mostIssues).map((finding) => printIssue(finding, root));
}

const noIssues: Issue[] = [];

const add = (findings: Finding[], code: FailureCode, problem: string, path = ''): void => {
  findings.push({ severity: 'error', code, path, problem });
};

function checkResource(value: JsonValue, findings: Finding[], depth: number): void {
  if (!isJsonObject(value)) add(findings, 'structure', `must be a resource, not ${shown(value)}`);
  else if (isResourceType(value.resourceType)) checkObject(compiledType(value.resourceType), value, findings, depth);
  else if (value.resourceType === undefined) {
    add(findings, 'required', 'needs a resourceType that names a resource type of FHIR R4');
  } else {
    const named = shown(value.resourceType);
    add(findings, 'value', `needs a resourceType that names a resource type of FHIR R4, which ${named} does not`);
  }
}

function checkObject(type: CompiledType, object: JsonObject, findings: Finding[], depth: number): void {
  if (depth > deepest) {
    add(findings, 'too-costly', `is nested deeper than ${deepest} levels`);
    return;
  }
  let seen = 0;
  let isEmpty = true;
  for (const name in object) {
    const element = type.elements.get(name);
    if (name !== 'id') isEmpty = false;
    if (element === undefined) {
      if (name !== 'resourceType' || !type.isResource) addUnknown(type, object, name, findings);
      continue;
    }
    if (element.bit !== 0) {
      if (element.choice !== undefined && (seen & element.bit) !== 0) checkChoice(type, object, name, findings);
      seen |= element.bit;
    }
    const before = findings.length;
    if (element.isArray) checkArray(element, object[name] as JsonValue, object, findings, depth);
    else checkValue(element, object[name] as JsonValue, findings, depth);
    if (findings.length !== before) {
      prefix(findings, before, `.${element.step}`);
      if (findings.length >= mostIssues) return;
    }
  }
  if ((seen & type.required) !== type.required) addMissing(type, seen, findings);
  else if (isEmpty && (type.name !== 'Element' || !hasAny(object)))
    add(findings, 'structure', 'must not be empty (ele-1): leave it out or give it a content');
  if (type.name === 'Extension') checkExtension(object, (seen & ~type.required) !== 0, findings);
}

/** The sibling of a primitive may have nothing but an id, as the value stands beside it. */
const hasAny = (object: JsonObject): boolean => Object.hasOwn(object, 'id');

/** ext-1: an extension has a value or extensions of its own, never both. */
function checkExtension(extension: JsonObject, hasValue: boolean, findings: Finding[]): void {
  if (Object.hasOwn(extension, 'extension') !== hasValue) return;
  add(
    findings,
    'invariant',
    hasValue ? 'must have a value or extensions, not both' : 'must have a value or extensions',
  );
}

function checkArray(
  element: CompiledElement,
  value: JsonValue,
  holder: JsonObject,
  findings: Finding[],
  depth: number,
): void {
  if (!Array.isArray(value)) {
    add(findings, 'structure', `must be an array, as it may repeat, not ${shown(value)}`);
    return;
  }
  if (value.length === 0) add(findings, 'structure', 'must not be an empty array: leave it out');
  if (element.kind === 'sibling') checkLength(value, holder[element.partner as string], findings);
  for (let index = 0; index < value.length; index++) {
    const before = findings.length;
    const item = value[index] as JsonValue;
    if (item !== null || !isFilledByPartner(element, holder, index)) checkValue(element, item, findings, depth);
    if (findings.length !== before) {
      prefix(findings, before, `[${index}]`);
      if (findings.length >= mostIssues) return;
    }
  }
}

function checkLength(siblings: JsonValue[], values: JsonValue | undefined, findings: Finding[]): void {
  if (!Array.isArray(values) || values.length === siblings.length) return;
  add(
    findings,
    'structure',
    `has ${values.length} values and ${siblings.length} extensions: fill both arrays with null`,
  );
}

/** A null in an array of primitives means that its extensions stand at this place of the sibling, and the reverse. */
function isFilledByPartner({ partner }: CompiledElement, holder: JsonObject, index: number): boolean {
  if (partner === undefined || !Object.hasOwn(holder, partner)) return false;
  const values = holder[partner];
  return Array.isArray(values) && values[index] !== null && values[index] !== undefined;
}

function checkValue(element: CompiledElement, value: JsonValue, findings: Finding[], depth: number): void {
  if (element.check !== undefined) {
    const problem = element.check(value);
    if (problem !== undefined) add(findings, typeof value === 'object' ? 'structure' : 'value', problem);
  } else if (element.type === undefined) checkContained(element, value, findings, depth);
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    checkObject(element.type, value as JsonObject, findings, depth + 1);
  } else add(findings, 'structure', `must be a JSON object (${element.typeName}), not ${shown(value)}`);
}

function checkContained(element: CompiledElement, value: JsonValue, findings: Finding[], depth: number): void {
  checkResource(value, findings, depth + 1);
  if (element.step === 'contained' && isJsonObject(value) && Object.hasOwn(value, 'contained')) {
    add(findings, 'structure', 'must not contain resources itself: move them up beside it', '.contained');
  }
}

function addUnknown(type: CompiledType, object: JsonObject, name: string, findings: Finding[]): void {
  if (isRawNumber(object)) {
    add(findings, 'structure', `must be a JSON object (${type.name}), not ${shown(object)}`);
    return;
  }
  const base = name.startsWith('_') ? type.elements.get(name.slice(1)) : undefined;
  const problem = base
    ? 'cannot have extensions beside it'
    : `is no element of ${type.name}: remove it or correct its name`;
  add(findings, 'structure', problem, `.${name.length > 64 ? `${name.slice(0, 64)}...` : name}`);
}

/** Two members of one choice stand together, unless they are a primitive and its own sibling. */
function checkChoice(type: CompiledType, object: JsonObject, name: string, findings: Finding[]): void {
  const element = type.elements.get(name) as CompiledElement;
  const rival = Object.keys(object).find((other) => type.elements.get(other)?.bit === element.bit);
  if (rival === undefined || type.elements.get(rival)?.step === element.step) return;
  add(
    findings,
    'structure',
    `must be given once, in one type: ${rival} and ${name} exclude each other`,
    `.${element.choice}`,
  );
}

function addMissing(type: CompiledType, seen: number, findings: Finding[]): void {
  const missing = new Set<string>();
  for (const element of type.elements.values()) {
    if ((element.bit & type.required & ~seen) !== 0) missing.add(element.choice ?? element.step);
  }
  for (const step of missing) {
    const severity = missingInExamples.has(`${type.name}.${step}`) ? 'warning' : 'error';
    findings.push({ severity, code: 'required', path: `.${step}`, problem: `is missing: ${type.name} requires it` });
  }
}

/** HL7's own R4 examples ImplementationGuide/fhir and Questionnaire/qs1 leave these out, and must be storable. */
const missingInExamples = new Set([
  'ImplementationGuide.name',
  'ImplementationGuide.status',
  'Questionnaire.item.linkId',
]);
