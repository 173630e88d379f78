import type { Reference } from 'fhir/r4.js';
import { useVisits } from './health-record.resource.ts';
import type { RecordAddress } from './record-address.ts';

/** What tells where an entry of the record comes from. */
interface Sourced {
  source: Reference | undefined;
  /** The visit at which it was recorded. */
  encounterId: string | undefined;
}

/** Who says so: whoever is named, else the institution of the visit at which it was recorded. */
export function useSourceOf({ patientId }: RecordAddress): (entry: Sourced) => Reference | undefined {
  const visits = useVisits(patientId).data?.content;
  return ({ source, encounterId }) => source ?? visits?.find(({ id }) => id === encounterId)?.institution;
}
