import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { extensions } from './systems.ts';

const parameter = (base: string, code: string, type: string, expression: string, description: string): JsonObject => ({
  resourceType: 'SearchParameter',
  id: `meridian-${base.toLowerCase()}-${code}`,
  url: `http://meridian.health/fhir/SearchParameter/${base}-${code}`,
  name: `${base}${code.charAt(0).toUpperCase()}${code.slice(1)}`,
  status: 'active',
  description,
  code,
  base: [base],
  type,
  expression,
});

/** What the directory searches by beyond R4: the branch of divisions, by the beginning of the code, and the grade. */
export const directoryParameters: readonly JsonObject[] = [
  parameter(
    'Organization',
    'division',
    'string',
    `Organization.extension('${extensions.division}').value.ofType(Coding).code`,
    'By the code of the division in which it lies, or its beginning: 5304 finds all of Yuxi.',
  ),
  parameter(
    'Organization',
    'grade',
    'token',
    `Organization.extension('${extensions.grade}').value.ofType(CodeableConcept)`,
    'By hospital grade and level.',
  ),
];

/** Stores the search parameters of the directory where they are not stored, or not as they are now; several processes may. */
export async function installSearchParameters({ pool, store }: Pick<FhirContext, 'pool' | 'store'>): Promise<void> {
  for (const resource of directoryParameters) {
    const id = `${resource.id}`;
    const row = await store.read(pool, 'SearchParameter', id);
    if (row?.content && row.method !== method.delete && isSame(row.content, resource)) continue;
    await store.commit([{ type: 'SearchParameter', id, method: method.put, resource: { ...resource } }]);
  }
}

function isSame(content: string, resource: JsonObject): boolean {
  const stored = JSON.parse(content) as JsonObject;
  return Object.entries(resource).every(([name, value]) => JSON.stringify(stored[name]) === JSON.stringify(value));
}
