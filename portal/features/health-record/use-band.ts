import { useProblems } from './health-record.resource.ts';
import { type Band, bandOf, type Measurement } from './model/measurement.ts';
import type { RecordAddress } from './record-address.ts';

/** Where values should lie in this person, whose diseases set some of the goals. */
export function useBandOf({ patientId }: RecordAddress): (measurement: Measurement) => Band | undefined {
  const codes = useProblems(patientId).data?.content.active.flatMap(({ icd }) => icd ?? []) ?? [];
  return (measurement) => bandOf(measurement, codes);
}
