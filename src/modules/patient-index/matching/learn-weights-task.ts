import type { RunningJob, Task } from '#lib/jobs/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { blockKinds, firstKeyOf } from './block-keys.ts';
import { printModel } from './current-model.ts';
import { readPerson } from './derive.ts';
import { learnModel } from './learn/learn.ts';
import { mostInBlock, type Sample, sampleOf } from './learn/pairs.ts';
import type { Person } from './person.ts';
import { countPersons, insertModel, selectBlocks, selectPersons, selectPersonsAfter } from './queries.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'patient-index.learn-weights': {
      payload: Record<string, never>;
      result: { version: number | undefined; persons: number; pairs: number };
    };
  }
}

/** Fewer persons say too little; the weights of the reference stay in force. */
export const fewestPersons = 1000;
/** So do fewer pairs of one person, as they are expected. */
const fewestMatches = 50;
/** Up to so many, all are compared; of more, those that share a sample of the keys. */
const mostPersons = 50_000;
/** About so many keys of each kind are looked at then. */
const keysOfKind = 12_000;
const pageLength = 5000;

export function learnWeightsTask(deps: { pool: Pool; now: () => number }): Task<'patient-index.learn-weights'> {
  return {
    name: 'patient-index.learn-weights',
    meaning: 'Learns what each agreement of two records says, from the records themselves.',
    attempts: 3,
    run: (job) => learn(deps, job),
  };
}

async function learn({ pool, now }: { pool: Pool; now: () => number }, job: RunningJob<'patient-index.learn-weights'>) {
  const population = await countPersons(pool);
  if (population < fewestPersons) return { version: undefined, persons: population, pairs: 0 };
  const sample = population <= mostPersons ? await readAll(pool, job) : await readSample(pool, job, population);
  const { model, pairs, matches, expectedF1 } = await learnModel(sample, Math.random);
  job.signal.throwIfAborted();
  if (matches < fewestMatches) return { version: undefined, persons: population, pairs };
  const content = printModel(model);
  const version = await insertModel(pool, { learntAt: now() * 1000, persons: population, pairs, expectedF1, content });
  return { version, persons: population, pairs };
}

type Job = Pick<RunningJob<'patient-index.learn-weights'>, 'signal'>;

async function readAll(pool: Pool, { signal }: Job): Promise<Sample> {
  const persons: Person[] = [];
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const page = await selectPersonsAfter(pool, after, pageLength);
    for (const { features } of page) persons.push(readPerson(features));
    const last = page.at(-1);
    if (!last) return sampleOf(persons);
    after = last.person;
  }
}

const keysInKind = firstKeyOf(1);

/** The same share of the keys of every kind, from a place that chance chooses. */
async function readSample(pool: Pool, { signal }: Job, population: number): Promise<Sample> {
  const fraction = keysOfKind / population;
  const start = Math.random() * (1 - fraction);
  const found = new Map<number, number[][]>();
  for (const { number } of blockKinds) {
    signal.throwIfAborted();
    const from = firstKeyOf(number) + Math.floor(start * keysInKind);
    const to = from + Math.floor(fraction * keysInKind);
    found.set(number, await selectBlocks(pool, { from, to, most: mostInBlock }));
  }
  const places = new Map<number, number>();
  const persons: Person[] = [];
  const rids = [...new Set([...found.values()].flat(2))];
  for (let index = 0; index < rids.length; index += pageLength) {
    signal.throwIfAborted();
    for (const { person, features } of await selectPersons(pool, rids.slice(index, index + pageLength))) {
      places.set(person, persons.length);
      persons.push(readPerson(features));
    }
  }
  const blocks = new Map(
    [...found].map(([kind, groups]) => [
      kind,
      groups.map((group) => group.flatMap((rid) => places.get(rid) ?? [])).filter(({ length }) => length > 1),
    ]),
  );
  return { persons, blocks, population, fraction };
}
