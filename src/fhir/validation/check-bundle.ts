import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import type { BundleIndex } from './bundle-index.ts';
import type { Finding } from './finding.ts';

const restful = /^https?:\/\/.*\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/** What Bundles ask beyond their invariants: addresses of entries. https://hl7.org/fhir/R4/bundle.html */
export function checkBundle(bundle: JsonObject, { entries }: BundleIndex): Finding[] {
  const findings: Finding[] = [];
  const add = (index: number, step: string, problem: string): void => {
    findings.push({ severity: 'error', code: 'invariant', path: `.entry[${index}]${step}`, problem });
  };
  const needsNoAddress = /^(?:transaction|batch)/.test(String(bundle.type));
  for (const { fullUrl, resource, index } of entries) {
    if (fullUrl === undefined) {
      if (!needsNoAddress) add(index, '', 'must have a fullUrl that says which resource it holds');
      continue;
    }
    if (!/^(?:https?:\/\/|urn:)/.test(fullUrl))
      add(index, '.fullUrl', 'must be an absolute URL, a urn:uuid or a urn:oid');
    const [, type, id] = restful.exec(fullUrl) ?? [];
    if (type === undefined || !isResourceType(type)) continue;
    const isOther = type !== resource.resourceType || (resource.id !== undefined && resource.id !== id);
    if (isOther) add(index, '.fullUrl', `must end with ${String(resource.resourceType)}/${String(resource.id ?? id)}`);
  }
  return findings;
}

export const isBundle = (resource: JsonObject): boolean =>
  resource.resourceType === 'Bundle' &&
  Array.isArray(resource.entry) &&
  resource.entry.every((entry) => isJsonObject(entry));
