import type { JsonObject } from '#lib/json/index.ts';

/** What was removed of one resource. */
export interface Expunged {
  type: string;
  id: string;
  versions: readonly number[];
  /** Nothing of it is left. */
  isWhole: boolean;
}

export interface ExpungeReason {
  /** Who did it, as far as that is known. */
  who: string;
  reason: string | undefined;
}

/** The trail of an expunge: who, when, why, which versions of what; nothing of their content. */
export function printAuditEvent(expunged: readonly Expunged[], { who, reason }: ExpungeReason, at: string): JsonObject {
  return {
    resourceType: 'AuditEvent',
    type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110110', display: 'Patient Record' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'operation', display: '$expunge' }],
    action: 'D',
    recorded: at,
    outcome: '0',
    ...(reason !== undefined && { purposeOfEvent: [{ text: reason }] }),
    agent: [{ who: { display: who }, requestor: true }],
    source: { observer: { display: 'Meridian' } },
    entity: expunged.map(({ type, id, versions, isWhole }) => ({
      what: { reference: `${type}/${id}` },
      detail: [
        { type: 'expunged', valueString: isWhole ? 'everything' : 'versions' },
        { type: 'versions', valueString: printVersions(versions) },
      ],
    })),
  };
}

/** `1-3, 7` */
export function printVersions(versions: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const version of versions) {
    const range = ranges.at(-1);
    if (range && version === range.last + 1) range.last = version;
    else ranges.push({ first: version, last: version });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
