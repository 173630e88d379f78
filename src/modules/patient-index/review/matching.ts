import type { Matching } from '../candidates.ts';
import type { CurrentModel } from '../matching/current-model.ts';
import { findCandidates } from '../matching/find.ts';
import { parsePatient } from '../matching/parse-patient.ts';
import { compareEvidence } from '../matching/score.ts';

/** The matching by the model in force, as the review list asks it. */
export const createMatching = (current: () => Promise<CurrentModel>): Matching => ({
  candidatesOf: async (connection, { rid, resource }, limit) => {
    const person = parsePatient(resource);
    return (await findCandidates(connection, await current(), person, { limit, except: rid })).candidates;
  },
  compare: async (_connection, left, right) => {
    const { model } = await current();
    return compareEvidence(model, parsePatient(left), parsePatient(right));
  },
});
