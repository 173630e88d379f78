import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { type ConsentDependencies, type Found, find } from './dependencies.ts';
import { mayActFor } from './queries.ts';

/** At this age a young person decides alone about what is sensitive. */
const ageOfOwnConsent = 14;

export interface ActingFor {
  readonly patient: Found;
  readonly isSelf: boolean;
  /** What is sensitive is not theirs to decide: the young person does. */
  readonly isBarredFromSensitive: boolean;
}

/** Whoever may decide about a record: the resident, or who acts for them. Fails with `forbidden` for others. */
export async function requireActingFor(
  deps: ConsentDependencies,
  access: Access,
  patientId: string,
): Promise<ActingFor> {
  const { actor } = access;
  const refusal = new Failure('forbidden', 'Only the resident, or who acts for them, decides about this record.');
  if (actor.role !== 'resident' || !actor.reference.startsWith('Patient/')) throw refusal;
  if (actor.reference === `Patient/${patientId}`) {
    return { patient: await find(deps, deps.pool, 'Patient', patientId), isSelf: true, isBarredFromSensitive: false };
  }
  // Whether there is such a record is told to nobody who may not act for it.
  const patient = await find(deps, deps.pool, 'Patient', patientId).catch((error: Error) => {
    throw error instanceof Failure && error.code === 'not-found' ? refusal : error;
  });
  const proxy = await find(deps, deps.pool, 'Patient', actor.reference.slice('Patient/'.length));
  if (!(await mayActFor(deps.pool, proxy.rid, patient.rid, deps.now() * 1000))) throw refusal;
  const { birthDate } = patient.resource;
  const age = typeof birthDate === 'string' ? ageAt(birthDate, deps.now()) : undefined;
  const isYoung = age !== undefined && age >= ageOfOwnConsent && age < 18;
  return { patient, isSelf: false, isBarredFromSensitive: isYoung };
}

/** Whole years; an incomplete date counts from its beginning. */
function ageAt(birthDate: string, now: number): number {
  const today = new Date(now).toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(4) < birthDate.slice(4).padEnd(6, '-01') ? years - 1 : years;
}

/** Fails with `forbidden` when it is about what a young person decides alone. */
export function requireOwnDecision(
  { categories }: Pick<ConsentDependencies, 'categories'>,
  { isBarredFromSensitive }: ActingFor,
  codes: readonly string[],
): void {
  if (!isBarredFromSensitive) return;
  const sensitive = categories.list.filter(({ isSensitive }) => isSensitive).map(({ code }) => code);
  if (!codes.some((code) => sensitive.includes(code))) return;
  throw new Failure('forbidden', `From the age of ${ageOfOwnConsent} on, young people decide about this themselves.`);
}
