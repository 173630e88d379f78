import type { Connection } from '#fhir/store/index.ts';
import type { AnyTask, Jobs } from '#lib/jobs/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Matching } from '../candidates.ts';
import type { CurrentModel } from './current-model.ts';
import { indexRules } from './derive.ts';
import { type FindOptions, type Found, findCandidates } from './find.ts';
import { indexPersonsTask } from './index-persons-task.ts';
import { fewestPersons, learnWeightsTask } from './learn-weights-task.ts';
import { parsePatient } from './parse-patient.ts';
import type { Person } from './person.ts';
import { estimatePersons, selectCoverage, selectModels } from './queries.ts';
import { compareEvidence } from './score.ts';

/** Who is who: one for each process. */
export interface PatientMatching extends Matching {
  find(connection: Connection, person: Person, options: FindOptions): Promise<Found>;
  current(): Promise<CurrentModel>;
}

/** The matching by the model in force. */
export function createMatching(current: () => Promise<CurrentModel>): PatientMatching {
  const find: PatientMatching['find'] = async (connection, person, options) =>
    findCandidates(connection, await current(), person, options);
  return {
    find,
    current,
    candidatesOf: async (connection, { rid, resource }, limit) =>
      (await find(connection, parsePatient(resource), { limit, except: rid })).candidates,
    compare: async (_connection, left, right) =>
      compareEvidence((await current()).model, parsePatient(left), parsePatient(right)),
  };
}

/** What is done in the background. */
export const matchingTasks = (deps: { pool: Pool; now: () => number }): readonly AnyTask[] => [
  indexPersonsTask(deps),
  learnWeightsTask(deps),
];

/**
 * Asks for what is left to be done: persons to be indexed, and weights to be learnt once there are twice as many persons as at
 * the last time. Safe at every start of every process.
 */
export async function startMatching({ pool, jobs }: { pool: Pool; jobs: Jobs }): Promise<void> {
  if ((await selectCoverage(pool)) !== indexRules) {
    await jobs.enqueue(pool, 'patient-index.index-persons', { rules: indexRules }, { key: `${indexRules}` });
  }
  const [newest] = await selectModels(pool, 1);
  const persons = await estimatePersons(pool);
  if (persons < fewestPersons || persons < 2 * (newest?.persons ?? 0)) return;
  await jobs.enqueue(pool, 'patient-index.learn-weights', {}, { key: 'all' });
}
