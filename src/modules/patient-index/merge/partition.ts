import { collectReferences } from '#fhir/validation/index.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';

/** Whose a resource is that was written while two Patients were one, and by what that is known. */
export interface Placement {
  readonly side: 'source' | 'survivor' | 'undecided';
  readonly by: 'identifier' | 'reference' | 'organisation' | 'nothing';
}

/** What is known of both sides. */
export interface Sides {
  /** `system|value` of identifiers that only the one had. */
  readonly sourceIdentifiers: ReadonlySet<string>;
  readonly survivorIdentifiers: ReadonlySet<string>;
  /** `Encounter/1`: resources that are known to belong to the one. */
  readonly ofSource: ReadonlySet<string>;
  readonly ofSurvivor: ReadonlySet<string>;
  /** `Organization/1`: who wrote for the one before the merge. */
  readonly sourceOrganizations: ReadonlySet<string>;
  readonly survivorOrganizations: ReadonlySet<string>;
}

/**
 * Places a resource: by an identifier of the patient that its references carry; by what else it refers to, such as its
 * encounter; by the organisation that wrote it, when that knew only one of both. Signs for both sides place nothing.
 */
export function placeResource(resource: JsonObject, sides: Sides): Placement {
  const references = collectReferences(resource);
  const identifiers = references.flatMap(({ holder }) => keyOfIdentifier(holder.identifier) ?? []);
  const names = references.map(({ reference }) => reference);
  const organizations = names.filter((name) => name.startsWith('Organization/'));
  return (
    decide('identifier', identifiers, sides.sourceIdentifiers, sides.survivorIdentifiers) ??
    decide('reference', names, sides.ofSource, sides.ofSurvivor) ??
    decide('organisation', organizations, sides.sourceOrganizations, sides.survivorOrganizations) ?? {
      side: 'undecided',
      by: 'nothing',
    }
  );
}

function decide(
  by: Placement['by'],
  signs: readonly string[],
  source: ReadonlySet<string>,
  survivor: ReadonlySet<string>,
): Placement | undefined {
  const forSource = signs.some((sign) => source.has(sign) && !survivor.has(sign));
  const forSurvivor = signs.some((sign) => survivor.has(sign) && !source.has(sign));
  if (forSource && forSurvivor) return { side: 'undecided', by: 'nothing' };
  if (forSource) return { side: 'source', by };
  return forSurvivor ? { side: 'survivor', by } : undefined;
}

export function keyOfIdentifier(identifier: unknown): string | undefined {
  if (!isJsonObject(identifier as JsonObject)) return undefined;
  const { system, value } = identifier as JsonObject;
  return typeof value === 'string' ? `${typeof system === 'string' ? system : ''}|${value}` : undefined;
}

/** `system|value` of all identifiers of a Patient. */
export function identifiersOf({ identifier }: JsonObject): Set<string> {
  return new Set((Array.isArray(identifier) ? identifier : []).flatMap((one) => keyOfIdentifier(one) ?? []));
}
