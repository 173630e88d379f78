import type { Access } from '#fhir/access/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { isOfRecord } from '../conditions.ts';
import { clinicians } from '../policy/index.ts';
import { healthRecord } from '../policy/types.ts';
import { categoriesOf, compileCategories, sensitiveContent } from './sensitive-categories.ts';

/** A security label. https://hl7.org/fhir/R4/security-labels.html */
export interface Label {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

const compiled = compileCategories(sensitiveContent);
const displays = new Map(sensitiveContent.categories.map(({ label, display }) => [label, display]));
const restricted: Label = { system: confidentiality, code: 'R', display: 'restricted' };

/** Persons are restricted by decision, never by what is written about them. */
const neverDerived = new Set(['Patient', 'Person', 'RelatedPerson', 'Group', 'AuditEvent', 'Consent', 'Schedule']);

/**
 * The labels that follow from the codes in a resource: one for each sensitive category, and `restricted`, by which searches
 * know all of them. Nothing of what belongs to no record.
 */
export function labelsOf(resource: JsonObject): Label[] {
  const type = String(resource.resourceType);
  if (neverDerived.has(type) || !isOfRecord(type)) return [];
  const found = new Set<string>();
  for (const [name, value] of Object.entries(resource)) {
    if (name !== 'meta' && name !== 'text') collect(value, found);
  }
  if (found.size === 0) return [];
  const labels = [...found].sort().map((code): Label => {
    const display = displays.get(code);
    return { system: actCode, code, ...(display !== undefined && { display }) };
  });
  return [...labels, restricted];
}

function collect(value: JsonValue | undefined, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const part of value) collect(part, found);
    return;
  }
  if (!isJsonObject(value)) return;
  const { system, code } = value;
  if (typeof system === 'string' && typeof code === 'string') {
    for (const label of categoriesOf(compiled, system, code)) found.add(label);
  }
  for (const part of Object.values(value)) collect(part, found);
}

/** Labels that decide on access: they are given and taken by right only. */
const isProtected = (label: JsonValue): boolean =>
  isJsonObject(label) && (label.system === actCode || label.system === confidentiality);

const mayLabelAlways = (access: Access | undefined): boolean =>
  access === undefined || access.isFull === true || access.actor.role === 'privacy-officer';

/** Whoever records something first may say that it is confidential. */
const mayLabelFirst = ({ actor }: Access, type: string): boolean =>
  (actor.role === 'system' || clinicians.some((role) => role === actor.role)) &&
  healthRecord.some((name) => name === type);

/**
 * The resource with the labels that it must have: those that follow from its content are always there; of the others that
 * decide on access, those of the stored version stand, unless whoever writes has the right to give and take them.
 */
export function withLabels(
  resource: JsonObject,
  stored: string | null | undefined,
  access: Access | undefined,
): JsonObject {
  const sent = securityOf(resource);
  const before = stored?.includes('"security"') ? (parseJson(stored) as JsonObject) : undefined;
  const derived = labelsOf(resource);
  if (sent.length + derived.length === 0 && !before) return resource;
  const isTrusted =
    mayLabelAlways(access) || (!stored && access && mayLabelFirst(access, String(resource.resourceType)));
  const kept = isTrusted
    ? sent
    : [...sent.filter((label) => !isProtected(label)), ...(before ? decidedLabels(before) : [])];
  const labels = distinct([...kept, ...derived.map((label): JsonObject => ({ ...label }))]);
  return isSame(sent, labels) ? resource : withSecurity(resource, labels);
}

/** The labels of a stored version that somebody has decided on, not those that followed from its content. */
function decidedLabels(resource: JsonObject): JsonValue[] {
  const derived = new Set(labelsOf(resource).map(({ system, code }) => `${system}|${code}`));
  return securityOf(resource).filter((label) => isProtected(label) && !derived.has(keyOf(label)));
}

const securityOf = ({ meta }: JsonObject): readonly JsonValue[] =>
  isJsonObject(meta) && Array.isArray(meta.security) ? meta.security : [];

const keyOf = (label: JsonValue): string => (isJsonObject(label) ? `${label.system}|${label.code}` : '');

function distinct(labels: readonly JsonValue[]): JsonValue[] {
  const byKey = new Map<string, JsonValue>();
  for (const label of labels) if (!byKey.has(keyOf(label))) byKey.set(keyOf(label), label);
  return [...byKey.values()];
}

const isSame = (sent: readonly JsonValue[], labels: readonly JsonValue[]): boolean =>
  sent.length === labels.length && sent.every((label, index) => label === labels[index]);

function withSecurity(resource: JsonObject, labels: JsonValue[]): JsonObject {
  const { security: _, ...rest } = isJsonObject(resource.meta) ? resource.meta : {};
  return { ...resource, meta: labels.length === 0 ? rest : { ...rest, security: labels } };
}
