import { compartments, resourceTypes } from '../definitions/index.ts';
import { jsonPatchType } from '../patch/index.ts';
import { instantOf } from '../store/index.ts';
import type { Answer } from './answer.ts';
import type { FhirContext } from './context.ts';
import type { Operation } from './operation.ts';

const interactions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
].map((code) => ({ code }));

/** What every search understands besides the parameters of its type. */
const ofEveryType = [
  { name: '_filter', definition: 'http://hl7.org/fhir/SearchParameter/filter', type: 'special' },
  { name: '_list', type: 'string', documentation: 'What a List names: its id.' },
  { name: '_has', type: 'string', documentation: 'As _has:[type]:[reference parameter]:[parameter].' },
];

const describeOperation = ({ name, definition, documentation }: Operation, baseUrl: string) => ({
  name,
  definition: definition ?? `${baseUrl}/OperationDefinition/${name}`,
  documentation,
});

function describeType(type: string, { search, operations, baseUrl, writes }: FhirContext) {
  const own = operations.filter(
    ({ levels, types }) => levels.some((level) => level !== 'system') && (types?.includes(type) ?? true),
  );
  const parameters = search
    .parametersOf(type)
    .map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind }));
  return {
    type,
    interaction: interactions,
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: writes.conditionalDeletes > 1 ? 'multiple' : 'single',
    referencePolicy: writes.references === 'reject' ? ['literal', 'local', 'enforced'] : ['literal', 'local'],
    searchInclude: [
      '*',
      ...parameters.filter(({ type: kind }) => kind === 'reference').map(({ name }) => `${type}:${name}`),
    ],
    searchParam: [...parameters, ...ofEveryType],
    ...(own.length > 0 && { operation: own.map((operation) => describeOperation(operation, baseUrl)) }),
  };
}

/** The CapabilityStatement of what is registered. https://hl7.org/fhir/R4/capabilitystatement.html */
export function createCapabilities(context: FhirContext): () => Promise<Answer> {
  return createPrinted(context, () => printCapabilities(context));
}

/** Prints again when the search parameters have changed. */
export function createPrinted({ search }: FhirContext, print: () => string): () => Promise<Answer> {
  let printed: { revision: number; body: string } | undefined;
  return async () => {
    const revision = await search.freshRevision();
    if (printed?.revision !== revision) printed = { revision, body: print() };
    return { status: 200, body: printed.body };
  };
}

function printCapabilities(context: FhirContext): string {
  const { baseUrl, now, operations, security } = context;
  return JSON.stringify({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: instantOf(now() * 1000),
    kind: 'instance',
    software: { name: 'Meridian' },
    implementation: { description: 'Meridian, the shared health record of a region', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: [jsonPatchType, 'application/fhir+json'],
    rest: [
      {
        ...(operations.some(({ name }) => name === 'get-ws-binding-token') && { extension: [websocket(baseUrl)] }),
        mode: 'server',
        ...(security && { security }),
        resource: resourceTypes.map((type) => describeType(type, context)),
        interaction: ['transaction', 'batch', 'search-system', 'history-system'].map((code) => ({ code })),
        searchParam: describeCommon(context),
        operation: operations
          .filter(({ levels }) => levels.includes('system'))
          .map((operation) => describeOperation(operation, baseUrl)),
        compartment: Object.keys(compartments).map(
          (name) => `http://hl7.org/fhir/CompartmentDefinition/${name.toLowerCase()}`,
        ),
      },
    ],
  });
}

/** What a search over several types understands: the parameters that all types have. */
function describeCommon({ search }: FhirContext) {
  const common = search.parametersOf('Binary').filter(({ url }) => url.includes('/SearchParameter/Resource-'));
  return common.map(({ code, url, type }) => ({ name: code, definition: url, type }));
}

/** Where subscriptions are heard by websocket. https://hl7.org/fhir/R4/extension-capabilitystatement-websocket.html */
const websocket = (baseUrl: string) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket',
  valueUri: `${baseUrl.replace(/^http/, 'ws')}/websocket`,
});
