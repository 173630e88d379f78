import { resourceTypes } from '../../definitions/index.ts';
import type { FhirContext } from '../context.ts';
import { describeOperationPaths, describePaths, headers, sharedParameters, sharedResponses } from './paths.ts';
import { describeTypes, schemaOf } from './schemas.ts';

/**
 * The service as OpenAPI 3.1 in JSON, derived from what is registered: types, search parameters, operations.
 * https://spec.openapis.org/oas/v3.1.0
 */
export function printOpenApi({
  baseUrl,
  operations,
  search,
}: Pick<FhirContext, 'baseUrl' | 'operations' | 'search'>): string {
  const bundleBody = { required: true, content: { 'application/fhir+json': { schema: schemaOf('Bundle') } } };
  const bundle = {
    '200': { $ref: '#/components/responses/Bundle' },
    default: { $ref: '#/components/responses/Failure' },
  };
  const capability = {
    description: 'What this server does',
    content: { 'application/fhir+json': { schema: schemaOf('CapabilityStatement') } },
  };
  const system = { tags: ['System'] };
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Meridian FHIR R4 service',
      version: '4.0.1',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    paths: {
      '/metadata': { get: { operationId: 'capabilities', ...system, responses: { '200': capability } } },
      '/': {
        get: { operationId: 'searchAll', ...system, responses: bundle },
        post: {
          operationId: 'postBundle',
          ...system,
          parameters: headers('idempotencyKey', 'prefer'),
          requestBody: bundleBody,
          responses: bundle,
        },
      },
      '/_history': { get: { operationId: 'historyOfAll', ...system, responses: bundle } },
      ...Object.assign({}, ...resourceTypes.map((type) => describePaths(type, search.parametersOf(type)))),
      ...Object.assign({}, ...operations.map((operation) => describeOperationPaths(operation, resourceTypes))),
    },
    components: { schemas: describeTypes(), parameters: sharedParameters, responses: sharedResponses },
  });
}
