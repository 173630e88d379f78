import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningJob } from '#lib/jobs/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { generateDuplicates } from '#population/duplicates/generate-duplicates.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { createCurrentModel, personRows } from './index.ts';
import { learnWeightsTask } from './learn-weights-task.ts';
import { defaultModel } from './model.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ derived: [personRows] });
});

afterAll(async () => {
  await server.stop();
});

const learn = () =>
  learnWeightsTask({ pool: server.context.pool, now: Date.now }).run({
    id: 'job',
    payload: {},
    progress: undefined,
    signal: new AbortController().signal,
    save: async () => {},
  } as RunningJob<'patient-index.learn-weights'>);

async function store(records: readonly { patient: object }[]): Promise<void> {
  const changes = records.map(({ patient }) => {
    const resource = JSON.parse(JSON.stringify(patient)) as JsonObject;
    return { type: 'Patient', id: `${resource.id}`, method: 2 as const, resource };
  });
  for (let index = 0; index < changes.length; index += 500)
    await server.context.store.commit(changes.slice(index, index + 500));
}

test('weights are learnt once there are persons and duplicates enough, kept by version, and in force within a minute', async () => {
  let nowMs = 0;
  const current = createCurrentModel(server.context.pool, () => nowMs);
  const records = [...generateDuplicates({ seed: 3, residents: 1500, now: '2026-11-25' })];
  expect(await learn()).toMatchObject({ version: undefined, persons: 0 });
  const first = records.filter(({ errors, person, patient }) => errors.length === 0 && person === patient.id);
  await store(first);
  expect(await learn(), 'without duplicates').toMatchObject({ version: undefined, persons: first.length });
  expect(await current()).toEqual({ model: defaultModel, learnt: undefined });
  await store(records.filter((record) => !first.includes(record)));
  expect(await learn()).toMatchObject({ version: 1, persons: records.length });
  expect((await current()).learnt, 'looked for a moment ago').toBeUndefined();
  nowMs += 60_000;
  const { model, learnt } = await current();
  expect(learnt).toMatchObject({ version: 1, persons: records.length });
  expect(model.weights.name.m[0]).toBeGreaterThan(0.6);
  expect(model.thresholds.link).toBeGreaterThanOrEqual(22);
  expect(model.thresholds.review).toBeLessThan(model.thresholds.link);
  expect(model.frequencies.name?.shares.size).toBeGreaterThan(0);
});
