import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import type { BundleEntry, BundleIndex } from './bundle-index.ts';
import type { Finding } from './finding.ts';
import { collectReferences } from './references.ts';

const restful = /^https?:\/\/.*\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/** What Bundles ask beyond their invariants: addresses of entries. https://hl7.org/fhir/R4/bundle.html */
export function checkBundle(bundle: JsonObject, index: BundleIndex): Finding[] {
  const { entries } = index;
  const findings: Finding[] = [];
  const add = (index: number, step: string, problem: string): void => {
    findings.push({ severity: 'error', code: 'invariant', path: `.entry[${index}]${step}`, problem });
  };
  if (bundle.type === 'document' || bundle.type === 'message')
    for (const each of unresolved(index)) findings.push(each);
  if (bundle.type === 'searchset') checkMatches(bundle, entries, add);
  const needsNoAddress = /^(?:transaction|batch)/.test(String(bundle.type));
  for (const { fullUrl, resource, index: at } of entries) {
    if (fullUrl === undefined) {
      if (!needsNoAddress) add(at, '', 'must have a fullUrl that says which resource it holds');
      continue;
    }
    if (!/^[a-z][a-z0-9+.-]*:/i.test(fullUrl)) add(at, '.fullUrl', 'must be an absolute URL, or a urn:uuid');
    const [, type, id] = restful.exec(fullUrl) ?? [];
    if (type === undefined || !isResourceType(type)) continue;
    const isOther = type !== resource.resourceType || (resource.id !== undefined && resource.id !== id);
    if (isOther) add(at, '.fullUrl', `must end with ${String(resource.resourceType)}/${String(resource.id ?? id)}`);
  }
  return findings;
}

/** What the Composition or MessageHeader refers to within the Bundle must be in it. https://hl7.org/fhir/R4/documents.html#content */
function unresolved({ entries, findIn }: BundleIndex): Finding[] {
  const [first] = entries;
  if (!first) return [];
  return collectReferences(first.resource).flatMap(({ reference, path }) => {
    if (!isWithin(reference) || findIn(reference, first)) return [];
    const problem = `refers to ${reference}, which no entry of the Bundle has as its fullUrl`;
    return [
      {
        severity: 'error',
        code: 'not-found',
        path: `.entry[${first.index}].resource${path.replace(/^[A-Za-z]+/, '')}`,
        problem,
      },
    ];
  });
}

const isWithin = (reference: string): boolean =>
  /^urn:(?:uuid|oid):/.test(reference) || /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(reference);

type Add = (index: number, step: string, problem: string) => void;

/** What was found has an id, and is of a type that the search asked for. https://hl7.org/fhir/R4/http.html#search */
function checkMatches(bundle: JsonObject, entries: readonly BundleEntry[], add: Add): void {
  const links = Array.isArray(bundle.link) ? bundle.link.filter(isJsonObject) : [];
  const self = links.find(({ relation }) => relation === 'self')?.url;
  const asked = typeof self === 'string' ? typesAsked(self) : [];
  for (const { resource, index, mode } of entries) {
    const type = String(resource.resourceType);
    const isOutcome = type === 'OperationOutcome';
    if (mode === 'outcome' && !isOutcome) add(index, '.resource', `must be an OperationOutcome, not a ${type}`);
    if (!isOutcome && resource.id === undefined)
      add(index, '.resource', 'must have an id, as it was found by a search');
    if (mode === 'match' && asked.length > 0 && !asked.includes(type)) {
      add(index, '.resource', `must be a ${asked.join(' or ')}, as the search asked for, not a ${type}`);
    }
  }
}

function typesAsked(address: string): string[] {
  const [path = '', query = ''] = address.split('?');
  const last = path.split('/').at(-1);
  if (isResourceType(last)) return [last];
  return (new URLSearchParams(query).get('_type') ?? '').split(',').filter((type) => type !== '');
}

export const isBundle = (resource: JsonObject): boolean =>
  resource.resourceType === 'Bundle' &&
  Array.isArray(resource.entry) &&
  resource.entry.every((entry) => isJsonObject(entry));
