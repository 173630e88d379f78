import type { Bundle, FhirResource } from 'fhir/r4.js';
import { requestJson } from './json-client.ts';
import { RequestFailure } from './request-failure.ts';

export type ResourceType = FhirResource['resourceType'];
export type ResourceOf<T extends ResourceType> = Extract<FhirResource, { resourceType: T }>;

/** One page of a FHIR search. https://hl7.org/fhir/R4/http.html#search */
export interface SearchPage {
  matches: FhirResource[];
  included: FhirResource[];
  total: number | undefined;
  /** Where the next page lies, as a path on this host. */
  next: string | undefined;
  asOf: Date;
}

const fhirHeaders = { accept: 'application/fhir+json' };

export function isResource<T extends ResourceType>(type: T, resource: FhirResource): resource is ResourceOf<T> {
  return resource.resourceType === type;
}

export function resourcesOf<T extends ResourceType>(type: T, resources: readonly FhirResource[]): ResourceOf<T>[] {
  return resources.filter((resource) => isResource(type, resource));
}

/** Reads `type/id`; a RequestFailure with status 404 or 410 says that there is no such record. */
export async function readResource<T extends ResourceType>(type: T, id: string, signal?: AbortSignal) {
  const resource = await requestJson<FhirResource>(`/fhir/${type}/${encodeURIComponent(id)}`, {
    headers: fhirHeaders,
    signal,
  });
  if (!isResource(type, resource))
    throw new RequestFailure(undefined, [`${resource.resourceType} came where ${type} was asked for.`]);
  return resource;
}

/** Fetches one page; `address` is `Type?query` or a path that an earlier page gave as `next`. */
export async function searchPage(address: string, signal?: AbortSignal): Promise<SearchPage> {
  const path = address.startsWith('/') ? address : `/fhir/${address}`;
  const bundle = await requestJson<Bundle<FhirResource>>(path, { headers: fhirHeaders, signal });
  if (bundle.resourceType !== 'Bundle')
    throw new RequestFailure(undefined, ['The answer to a search was not a Bundle.']);
  const entries = (bundle.entry ?? []).flatMap((entry) =>
    entry.resource ? [{ mode: entry.search?.mode ?? 'match', resource: entry.resource }] : [],
  );
  return {
    matches: entries.filter((entry) => entry.mode === 'match').map((entry) => entry.resource),
    included: entries.filter((entry) => entry.mode === 'include').map((entry) => entry.resource),
    total: bundle.total,
    next: nextPath(bundle),
    asOf: new Date(),
  };
}

/** All pages of a search, up to `limit` matches; `isComplete` says whether there would be more. */
export async function searchAll(address: string, limit: number, signal?: AbortSignal) {
  const matches: FhirResource[] = [];
  let next: string | undefined = address;
  while (next !== undefined && matches.length < limit) {
    const page: SearchPage = await searchPage(next, signal);
    matches.push(...page.matches);
    next = page.next;
  }
  return { matches, isComplete: next === undefined, asOf: new Date() };
}

// The link is absolute and may carry the name by which the server knows itself; the browser stays on its own host.
function nextPath(bundle: Bundle): string | undefined {
  const link = bundle.link?.find((candidate) => candidate.relation === 'next');
  if (link === undefined) return undefined;
  const url = new URL(link.url, window.location.origin);
  return url.pathname + url.search;
}
