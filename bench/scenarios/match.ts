import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStore, type Store } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { personRows } from '#modules/patient-index/index.ts';
import { type DuplicateRecord, generateDuplicates } from '#population/duplicates/generate-duplicates.ts';
import { type HttpRequest, send } from '../load.ts';
import { type Measured, measure } from '../measure.ts';
import { type LoadFigures, measureLoad } from '../measure-load.ts';
import { countUncompared } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { round } from '../statistics.ts';

export interface MatchResult {
  persons: number;
  /** Patients written with their rows, in transactions of so many. */
  indexing: Measured;
  /** Of those asked for who are stored under another record, the share that is found first. */
  foundFirst: number;
  clients1: LoadFigures;
  clients8: LoadFigures;
}

const persons = 100_000;
const perTransaction = 500;
const questions = 2000;

/** Residents with records in several institutions: one record of each is stored, the others are asked about. */
export async function runMatches({ server, log }: Bench): Promise<MatchResult> {
  const asked: DuplicateRecord[] = [];
  const measuring = { unit: 'person', server: process.pid, postmaster: server.postmaster };
  const pool = createPool(server.connectionString, { max: 4, applicationName: 'meridian bench' });
  const store = createStore({ pool, sidePool: pool, now: Date.now, derived: [personRows] });
  const indexing = await measure(measuring, () => fill(store, asked, log)).finally(() => pool.end());
  await waitUntilCompared(server.pool, log);
  const requests = asked.slice(0, questions).map(toRequest);
  const foundFirst = await countFound(server.address, asked.slice(0, 500));
  log(`match: ${round(100 * foundFirst)} % are found first`);
  const asking = { unit: 'match', server: server.processId, postmaster: server.postmaster };
  return {
    persons,
    indexing,
    foundFirst: round(foundFirst, 3),
    clients1: await measureLoad(asking, server.address, requests, 1),
    clients8: await measureLoad(asking, server.address, [...requests, ...requests, ...requests], 8),
  };
}

async function fill(store: Store, asked: DuplicateRecord[], log: (line: string) => void): Promise<number> {
  let batch: JsonObject[] = [];
  let written = 0;
  const flush = async () => {
    await store.commit(batch.map((resource) => ({ type: 'Patient', id: `${resource.id}`, method: 2, resource })));
    written += batch.length;
    batch = [];
    if (written % 20_000 === 0) log(`match: ${written} persons`);
  };
  for (const record of generateDuplicates({ seed: 1, residents: persons, now: '2026-11-25' })) {
    if (record.errors.length > 0) {
      if (!record.errors.includes('newborn')) asked.push(record);
      continue;
    }
    if (record.patient.id !== record.person || written + batch.length >= persons) continue;
    batch.push(JSON.parse(JSON.stringify(record.patient)) as JsonObject);
    if (batch.length === perTransaction) await flush();
  }
  await flush();
  return written;
}

const mostWaitMs = 15 * 60_000;

/** The review list compares what was written with all others; it would take its part of the cores. */
async function waitUntilCompared(pool: Pool, log: (line: string) => void): Promise<void> {
  const end = Date.now() + mostWaitMs;
  for (let isSeen = false; ; ) {
    const left = await countUncompared(pool);
    if (left === 0 && isSeen) return;
    isSeen ||= left > 0;
    if (Date.now() > end) throw new Error(`The review list still has ${left} Patients to compare.`);
    log(`match: ${left} Patients are to be compared for the review list`);
    await sleep(5000);
  }
}

const toRequest = ({ patient: { id: _, ...patient } }: DuplicateRecord): HttpRequest => ({
  method: 'POST',
  path: '/fhir/Patient/$match',
  body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: patient }] }),
});

async function countFound(address: string, asked: readonly DuplicateRecord[]): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  let found = 0;
  for (const record of asked) {
    const { text } = await send(agent, address, toRequest(record));
    const bundle = JSON.parse(text) as { entry?: { resource: { id?: string } }[] };
    if (bundle.entry?.[0]?.resource.id === record.person) found += 1;
  }
  agent.destroy();
  return found / asked.length;
}
