import { resourceTypes } from '../definitions/index.ts';
import { searchParametersOf } from '../indexing/index.ts';
import { instantOf } from '../store/index.ts';
import type { Answer } from './answer.ts';
import type { FhirContext } from './context.ts';

const interactions = [
  'read',
  'vread',
  'update',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
].map((code) => ({ code }));

function describeType(type: string) {
  // What a search refuses is not promised: composites and the special ones have no index yet.
  const parameters = searchParametersOf(type)
    .filter(({ indexed, special }) => indexed || special)
    .map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind }));
  return {
    type,
    interaction: interactions,
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'local'],
    searchInclude: [
      '*',
      ...parameters.filter(({ type: kind }) => kind === 'reference').map(({ name }) => `${type}:${name}`),
    ],
    searchParam: parameters,
  };
}

/** The CapabilityStatement of what is registered. https://hl7.org/fhir/R4/capabilitystatement.html */
export function createCapabilities({ baseUrl, now }: FhirContext): () => Answer {
  const body = JSON.stringify({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: instantOf(now() * 1000),
    kind: 'instance',
    software: { name: 'Meridian' },
    implementation: { description: 'Meridian, the shared health record of a region', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        resource: resourceTypes.map(describeType),
        interaction: ['transaction', 'batch', 'search-system', 'history-system'].map((code) => ({ code })),
      },
    ],
  });
  return () => ({ status: 200, body });
}
