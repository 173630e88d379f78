import type { BeforeCreate } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { PatientMatching } from './matching.ts';
import { beforeCreate } from './register.ts';

/**
 * Before a person's application creates a Patient, it is looked whether there is one: a certain match is answered in its place;
 * of others it must be said first that they are not meant.
 */
export const searchBeforeCreate = (matching: PatientMatching): BeforeCreate => ({
  types: ['Patient'],
  find: async (context, transaction, patient) => {
    const deps = { ...context, matching };
    const found = await beforeCreate(deps, context.access, { patient, others: [] }, transaction);
    if (found?.is !== 'uncertain') return found?.match;
    throw new Failure(
      'multiple-matches',
      `${found.matches.length} persons may be the same. Ask Patient/$match who they are; register at /api/patient-index/register, naming those who are others, or create under If-None-Exist.`,
    );
  },
});
