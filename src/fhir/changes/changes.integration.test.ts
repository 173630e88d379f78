import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore, method, type Store } from '../store/index.ts';
import {
  currentPosition,
  holdReader,
  type Position,
  parsePosition,
  printPosition,
  readChanges,
  selectVersions,
  start,
  trimChanges,
} from './index.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let sidePool: Pool;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.connectionString, { max: 12, applicationName: 'test' });
  sidePool = createPool(database.connectionString, { max: 2, applicationName: 'test side' });
  store = createStore({ pool, sidePool, now: Date.now });
});

afterAll(async () => {
  await Promise.all([pool.end(), sidePool.end()]);
  await database.drop();
});

const patient = (id: string, family: string) => ({
  type: 'Patient',
  id,
  method: method.put,
  resource: { resourceType: 'Patient', id, name: [{ family }] },
});

/** `id/version` of all changes after a position, read to the end. */
async function drain(position: Position, limit = 1000): Promise<{ names: string[]; position: Position }> {
  const names: string[] = [];
  let at = position;
  for (;;) {
    const read = await readChanges(pool, at, limit);
    for (const { rids, versions } of read.rows) {
      const rows = await selectVersions(pool, rids, versions);
      const byRid = new Map(rows.map((row) => [row.rid, row]));
      for (const [index, rid] of rids.entries()) names.push(`${byRid.get(rid)?.id}/${versions[index]}`);
    }
    at = parsePosition(printPosition(read.position));
    if (!read.isMore) return { names, position: at };
  }
}

test('every version is told once, deletions included, and what a transaction took back is not', async () => {
  const before = await currentPosition(pool);
  await store.commit([patient('one', 'A')]);
  await store.commit([patient('one', 'B')]);
  await store.commit([patient('one', 'B')]);
  await store.commit([{ type: 'Patient', id: 'one', method: method.delete }]);
  const rolledBack = inTransaction(pool, async (transaction) => {
    await store.write(transaction, [patient('two', 'A')]);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  const { names, position } = await drain(before);
  expect(names).toEqual(['one/1', 'one/2', 'one/3']);
  expect((await drain(position)).names).toEqual([]);
  expect((await drain(start)).names).toEqual(['one/1', 'one/2', 'one/3']);
});

test('a transaction that commits late is neither missed nor waited for', async () => {
  const before = await currentPosition(pool);
  const late = await pool.connect();
  await late.query('begin');
  await store.write(late as Transaction, [patient('late', 'A')]);
  await store.commit([patient('early', 'A')]);
  const first = await drain(before);
  expect(first.names).toEqual(['early/1']);
  await store.commit([patient('early', 'B')]);
  const second = await drain(first.position);
  expect(second.names).toEqual(['early/2']);
  await late.query('commit');
  late.release();
  const third = await drain(second.position);
  expect(third.names).toEqual(['late/1']);
  expect((await drain(third.position)).names).toEqual([]);
});

test('versions of a resource keep their order when the later one was written by the older transaction', async () => {
  const before = await currentPosition(pool);
  const older = await pool.connect();
  await older.query('begin');
  await store.write(older as Transaction, [patient('other', 'A')]);
  await store.commit([patient('shared', 'A')]);
  await store.write(older as Transaction, [patient('shared', 'B')]);
  await older.query('commit');
  older.release();
  expect((await drain(before)).names.filter((name) => name.startsWith('shared'))).toEqual(['shared/1', 'shared/2']);
});

test('small readings tell the same as large ones', async () => {
  const before = await currentPosition(pool);
  const names: string[] = [];
  for (let index = 0; index < 9; index++) {
    names.push(`small-${index}/1`);
    await store.commit([patient(`small-${index}`, 'A')]);
  }
  expect((await drain(before, 2)).names).toEqual(names);
  expect((await drain(before)).names).toEqual(names);
});

test('a large transaction is logged in several rows, whole and in order', async () => {
  const before = await currentPosition(pool);
  const names = Array.from({ length: 300 }, (_, index) => `large-${String(index).padStart(3, '0')}`);
  await store.commit(names.map((name) => patient(name, 'A')));
  const { rows } = await readChanges(pool, before, 10_000);
  expect(rows.map(({ rids }) => rids.length)).toEqual([128, 128, 44]);
  for (const limit of [1, 1000]) expect((await drain(before, limit)).names).toEqual(names.map((name) => `${name}/1`));
});

test('while many write, readers that read all the time see every version once and in order', async () => {
  const before = await currentPosition(pool);
  const writers = 6;
  const rounds = 40;
  let isWriting = true;
  const write = async (writer: number) => {
    for (let round = 0; round < rounds; round++) {
      const shared = patient(`hot-${(writer + round) % 3}`, `${writer} ${round}`);
      const own = patient(`own-${writer}-${round}`, 'A');
      const changes = writer % 2 === 0 ? [own, shared] : [shared, own];
      await inTransaction(
        pool,
        async (transaction) => {
          for (const change of changes) await store.write(transaction, [change]);
          if (round % 10 === 9) throw new Error('taken back');
        },
        { retryUniqueViolation: true },
      ).catch((error: Error) => {
        if (error.message !== 'taken back') throw error;
      });
    }
  };
  const read = async (limit: number) => {
    const names: string[] = [];
    let position = before;
    for (let isLast = false; ; ) {
      const drained = await drain(position, limit);
      names.push(...drained.names);
      position = drained.position;
      if (isLast) return names;
      isLast = !isWriting;
    }
  };
  const reading = [read(1), read(3), read(1000)];
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  isWriting = false;
  const { rows } = await pool.query<{ id: string; version: number }>(
    `select id, version from fhir.resource where id like 'own-%' or id like 'hot-%'
     union all select id, version from fhir.resource_history where id like 'own-%' or id like 'hot-%'`,
  );
  const all = rows.map(({ id, version }) => `${id}/${version}`).sort();
  expect(all.length).toBeGreaterThan(writers * rounds);
  for (const names of await Promise.all(reading)) {
    expect([...names].sort()).toEqual(all);
    for (const hot of ['hot-0', 'hot-1', 'hot-2']) {
      const versions = names.filter((name) => name.startsWith(`${hot}/`)).map((name) => Number(name.split('/')[1]));
      expect(versions).toEqual([...versions].sort((left, right) => left - right));
    }
  }
});

test('one transaction at a time holds a reader, and its position moves with what it did', async () => {
  const here = await currentPosition(pool);
  await inTransaction(pool, async (transaction) => {
    const reader = await holdReader(transaction, 'testing');
    expect(reader?.position).toBeUndefined();
    await reader?.move(here);
  });
  await inTransaction(pool, async (transaction) => {
    const reader = await holdReader(transaction, 'testing');
    expect(reader?.position).toEqual(here);
    await inTransaction(pool, async (other) => expect(await holdReader(other, 'testing')).toBeUndefined());
  });
});

test('the log is trimmed by age, and a reader that needs what is gone is told', async () => {
  const old = await currentPosition(pool);
  await store.commit([patient('trimmed', 'A')]);
  const before = await pool.query('select count(*)::int as count from fhir.change');
  await pool.query(`update fhir.change set written = now() - interval '8 days'`);
  expect(await trimChanges(pool, 9)).toBe(0);
  expect(await trimChanges(pool, 7)).toBe(before.rows[0].count);
  await expect(readChanges(pool, old)).rejects.toMatchObject({ code: 'deleted' });
  const now = await currentPosition(pool);
  await store.commit([patient('kept', 'A')]);
  expect((await drain(now)).names).toEqual(['kept/1']);
  expect((await drain(start)).names).toEqual(['kept/1']);
});

test('a text that is no position is refused', () => {
  for (const text of ['', '1', '3:3:/x', "3:3:/0'; drop", '3:3:/0/1']) {
    expect(() => parsePosition(text)).toThrow('no position');
  }
});
