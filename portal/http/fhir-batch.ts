import type { Bundle, FhirResource } from 'fhir/r4.js';
import { postFhir } from './json-client.ts';

/** How many resources each search would find, asked in one batch. https://hl7.org/fhir/R4/http.html#transaction */
export async function countSearches(addresses: readonly string[]): Promise<(number | undefined)[]> {
  const entry = addresses.map((address) => ({
    request: { method: 'GET' as const, url: `${address}${address.includes('?') ? '&' : '?'}_summary=count` },
  }));
  const answer = await postFhir<Bundle<FhirResource>>('/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  return addresses.map((_, index) => {
    const resource = answer.entry?.[index]?.resource;
    return resource?.resourceType === 'Bundle' ? resource.total : undefined;
  });
}
