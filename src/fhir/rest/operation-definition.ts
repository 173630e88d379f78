import type { FhirContext } from './context.ts';
import { methodsOf } from './operation.ts';

/**
 * The definition of an operation of ours, as OperationDefinition in JSON text; undefined when nobody offers one of this
 * name. https://hl7.org/fhir/R4/operationdefinition.html
 */
export function printOperationDefinition(
  { operations, baseUrl }: Pick<FhirContext, 'operations' | 'baseUrl'>,
  name: string,
): string | undefined {
  const operation = operations.find((candidate) => candidate.name === name);
  if (!operation) return undefined;
  const { levels, types, affectsState, title, documentation, parameters } = operation;
  return JSON.stringify({
    resourceType: 'OperationDefinition',
    id: name,
    url: `${baseUrl}/OperationDefinition/${name}`,
    name: title.replaceAll(/[^A-Za-z0-9]+/g, '_'),
    title,
    status: 'active',
    kind: 'operation',
    description: `${documentation} Send it by ${methodsOf(operation).join(' or ')}.`,
    affectsState,
    code: name,
    resource: types ?? ['Resource'],
    system: levels.includes('system'),
    type: levels.includes('type'),
    instance: levels.includes('instance'),
    parameter: parameters.map(({ max, ...parameter }) => ({ ...parameter, max: String(max) })),
  });
}
