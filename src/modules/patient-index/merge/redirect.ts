import { parseLiteralReference } from '#fhir/store/index.ts';
import { collectReferences } from '#fhir/validation/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** What says what happened to a resource then: it goes on saying so of the resource of which it was said. */
export const unmovedTypes: ReadonlySet<string> = new Set(['AuditEvent', 'Provenance']);

const lineage: ReadonlySet<JsonValue | undefined> = new Set(['replaces', 'replaced-by']);

/** References to a Patient in a resource: those to a single version stay, and so does what links tell of merges. */
function referencesTo(resource: JsonObject, id: string) {
  const kept = new Set<JsonValue | undefined>();
  if (resource.resourceType === 'Patient' && Array.isArray(resource.link)) {
    for (const link of resource.link) if (isJsonObject(link) && lineage.has(link.type)) kept.add(link.other);
  }
  return collectReferences(resource).filter(({ reference, holder }) => {
    if (kept.has(holder) || reference.includes('/_history/')) return false;
    const target = parseLiteralReference(reference);
    return target?.type === 'Patient' && target.id === id;
  });
}

/** Where a resource refers to this Patient, as FHIRPath. */
export const pathsTo = (resource: JsonObject, id: string): string[] =>
  referencesTo(resource, id).map(({ path }) => path);

/** Lets references to one Patient point to another, all or those at these paths; returns the paths. */
export function redirect(resource: JsonObject, from: string, to: string, at?: ReadonlySet<string>): string[] {
  const found = referencesTo(resource, from).filter(({ path }) => !at || at.has(path));
  for (const { holder } of found) holder.reference = `Patient/${to}`;
  return found.map(({ path }) => path);
}
