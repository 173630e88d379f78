import type { JsonObject } from '#lib/json/index.ts';

const microsPerMilli = 1000;

/** `2026-11-25T08:30:00.000Z` for microseconds since 1970 UTC. */
export function instantOf(updated: number): string {
  if (updated !== last.updated) last = { updated, text: new Date(updated / microsPerMilli).toISOString() };
  return last.text;
}

/** What is written together has the same time. */
let last = { updated: 0, text: '1970-01-01T00:00:00.000Z' };

/**
 * The JSON text of a version: resourceType, id and meta first, meta.versionId and meta.lastUpdated set, all else as it
 * came. This text is what reads and searches return.
 */
export function printContent(resource: JsonObject, id: string, version: number, updated: number): string {
  const meta: JsonObject = { versionId: String(version), lastUpdated: instantOf(updated) };
  for (const [name, value] of Object.entries((resource.meta ?? {}) as JsonObject)) {
    if (name !== 'versionId' && name !== 'lastUpdated') meta[name] = value;
  }
  // A copy at once is made faster than name by name; what stands first stays first.
  const printed: JsonObject = { resourceType: resource.resourceType as string, id, meta, ...resource };
  printed.id = id;
  printed.meta = meta;
  return JSON.stringify(printed);
}
