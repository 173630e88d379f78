import { clinicalDatePaths, searchParameter } from '../indexing/index.ts';
import { type Condition, nothing } from './condition.ts';
import { targetTypes } from './reference-criterion.ts';

/** Where neither `patient` nor `subject` says whose record a resource belongs to. */
const otherCodes: Readonly<Record<string, string>> = {
  Appointment: 'patient',
  Group: 'member',
  Schedule: 'actor',
};

/** Index paths of the references that say whose record a resource of this type belongs to; empty where none does. */
export function patientPaths(type: string): readonly number[] {
  const code = otherCodes[type] ?? (searchParameter(type, 'patient') ? 'patient' : 'subject');
  const plan = searchParameter(type, code);
  if (plan?.type !== 'reference') return [];
  return plan.branches.filter((branch) => targetTypes(plan, branch).includes('Patient')).map(({ path }) => path);
}

/** Is the record of one of these patients, or belongs to it. Nothing of a type that belongs to nobody's record. */
export function ofPatients(type: string, ids: readonly string[]): Condition {
  if (type === 'Patient') return { is: 'id', ids, types: ['Patient'], orSurvives: true };
  const targets = patientPaths(type).flatMap((path) => ids.map((id) => ({ path, type: 'Patient', id })));
  return targets.length === 0 ? nothing : { is: 'reference', targets };
}

/**
 * Is, or belongs to, a record that is open at that time (microseconds since 1970 UTC) under one of these keys of
 * fhir.access_grant. Nothing of a type that belongs to nobody's record.
 */
export function openUnder(type: string, keys: readonly bigint[], at: number): Condition {
  if (keys.length === 0) return nothing;
  const paths = patientPaths(type);
  if (type !== 'Patient' && paths.length === 0) return nothing;
  return { is: 'granted', paths: type === 'Patient' ? [] : paths, keys, at, dates: clinicalDatePaths(type) };
}
