import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPool } from '#lib/postgres/pool.ts';
import { until } from '#testing/until.ts';
import { createSend } from './answers.ts';
import { runClient } from './client.ts';
import { Cluster } from './cluster.ts';
import { Ledger } from './ledger.ts';
import { answers } from './queries.ts';
import { below, createRandom } from './random.ts';
import { findFaults } from './verify.ts';

/**
 * Eight clients write to the same resources while server processes and PostgreSQL are killed at random. What was
 * acknowledged must be there afterwards. MERIDIAN_CRASH_SECONDS says how long (60), MERIDIAN_CRASH_SEED repeats a run's
 * choices, though not its timing.
 */
const { seconds, seed } = inject('crash');
const clients = 8;
const servers = 2;
const noticeMs = 2000;
const longestRecoveryMs = 180_000;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start(servers);
}, 120_000);

afterAll(() => cluster?.remove(), 60_000);

test(
  `nothing acknowledged is lost in ${seconds} s of kills, seed ${seed}`,
  async () => {
    const random = createRandom(seed);
    const ledger = new Ledger();
    const end = Date.now() + seconds * 1000;
    const isOver = () => Date.now() > end;
    const chooseAddress = () => cluster.addresses[below(random, cluster.addresses.length)];
    const send = createSend(chooseAddress, 30_000);
    const [counts] = await Promise.all([
      killAtRandom(createRandom(seed + 1), isOver),
      ...Array.from({ length: clients }, (_, index) =>
        runClient({ ledger, random: createRandom(seed + 10 + index), send, isOver }),
      ),
    ]);
    const told = ['acknowledged', 'refused', 'unknown'].map((word) => `${ledger.count(word as 'unknown')} ${word}`);
    process.stdout.write(`${ledger.requests.length} writes: ${told.join(', ')}; killed ${JSON.stringify(counts)}\n`);
    expect(ledger.count('acknowledged')).toBeGreaterThan(seconds);
    const pool = createPool(cluster.connectionString, { max: 4, applicationName: 'crash test' });
    // The last kill may not have been noticed yet, and what was killed recovers first.
    await sleep(noticeMs);
    await until('PostgreSQL has recovered', () => answers(pool), longestRecoveryMs);
    const faults = await findFaults(pool, ledger).finally(() => pool.end());
    expect(faults, cluster.errors.join('').slice(-20_000)).toEqual([]);
    expect(await cluster.stop()).toEqual(Array.from({ length: servers }, () => 0));
    expect(cluster.leftovers()).toEqual([]);
  },
  (seconds + 400) * 1000,
);

/** Leaves some seconds of work between two kills; what was killed is back before the next one. */
async function killAtRandom(random: () => number, isOver: () => boolean) {
  const counts = { server: 0, postgres: 0, backend: 0, everything: 0 };
  while (!isOver()) {
    await sleep(500 + below(random, 3500));
    const choice = random();
    const index = below(random, cluster.serverCount);
    if (choice < 0.45) {
      counts.server++;
      await cluster.killServer(index);
    } else if (choice < 0.7) {
      counts.postgres++;
      await cluster.killPostgres();
      await cluster.startPostgres();
      continue;
    } else if (choice < 0.85) {
      counts.backend++;
      cluster.killBackend((count) => below(random, count));
      continue;
    } else {
      counts.everything++;
      await Promise.all([cluster.killPostgres(), cluster.killServer(index)]);
      await cluster.startPostgres();
    }
    await cluster.startServer(index);
  }
  return counts;
}
