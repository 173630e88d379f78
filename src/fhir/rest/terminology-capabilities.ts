import { instantOf } from '../store/index.ts';
import type { FhirContext } from './context.ts';

/** What `$expand` and its like can do here, from their registration. https://hl7.org/fhir/R4/terminologycapabilities.html */
export function printTerminologyCapabilities({ baseUrl, now, operations }: FhirContext): string {
  const find = (wanted: string) => operations.find(({ name }) => name === wanted);
  const expand = find('expand');
  const parameters = (expand?.parameters ?? []).filter(({ use }) => use === 'in');
  return JSON.stringify({
    resourceType: 'TerminologyCapabilities',
    status: 'active',
    date: instantOf(now() * 1000),
    kind: 'instance',
    software: { name: 'Meridian' },
    implementation: { description: 'Meridian, the shared health record of a region', url: baseUrl },
    ...(expand && {
      expansion: {
        hierarchical: parameters.some(({ name }) => name === 'excludeNested'),
        paging: parameters.some(({ name }) => name === 'offset'),
        incomplete: false,
        parameter: parameters.map(({ name, documentation }) => ({ name, documentation })),
      },
    }),
    ...(find('validate-code') && { validateCode: { translations: false } }),
    ...(find('translate') && { translation: { needsMap: true } }),
    ...(find('closure') && { closure: { translation: false } }),
  });
}
