import { usePatientName } from './patient-names.resource.ts';

/** The name of a Patient, or their id until it is known. */
export function PatientName({ id }: { id: string }) {
  return <span>{usePatientName(id) ?? id}</span>;
}
