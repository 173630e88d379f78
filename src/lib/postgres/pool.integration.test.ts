import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';
import { createPool, inTransaction, type Pool, requireServerVersion, type Transaction } from './pool.ts';

describe('inTransaction', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.connectionString, { max: 4, applicationName: 'test' });
    await pool.query('create table counter (id int primary key, value int not null)');
    await pool.query('insert into counter values (1, 0), (2, 0)');
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('commits what the function did and returns its result', async () => {
    const result = await inTransaction(pool, async (transaction) => {
      await transaction.query('insert into counter values (3, 7)');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await counterValue(3)).toBe(7);
  });

  it('rolls back when the function throws, and hands the error on', async () => {
    const attempt = inTransaction(pool, async (transaction) => {
      await transaction.query('insert into counter values (4, 1)');
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(await counterValue(4)).toBeUndefined();
  });

  it('runs both sides of a deadlock to their end', async () => {
    const bothStarted = barrier(2);
    const addOne = (first: number, second: number) => {
      let isFirstAttempt = true;
      return inTransaction(pool, async (transaction) => {
        await increment(transaction, first);
        if (isFirstAttempt) {
          isFirstAttempt = false;
          await bothStarted();
        }
        await increment(transaction, second);
      });
    };
    await Promise.all([addOne(1, 2), addOne(2, 1)]);
    expect([await counterValue(1), await counterValue(2)]).toEqual([2, 2]);
  });

  it('tries again after a unique violation only when asked to', async () => {
    const insertUnlessKnown = (known: { attempts: number }) => async (transaction: Transaction) => {
      known.attempts += 1;
      if (known.attempts === 1) await transaction.query('insert into counter values (1, 0)');
    };
    const once = { attempts: 0 };
    await expect(inTransaction(pool, insertUnlessKnown(once))).rejects.toMatchObject({ code: '23505' });
    expect(once.attempts).toBe(1);

    const twice = { attempts: 0 };
    await inTransaction(pool, insertUnlessKnown(twice), { retryUniqueViolation: true });
    expect(twice.attempts).toBe(2);
  });

  it('gives up after five attempts', async () => {
    let attempts = 0;
    const attempt = inTransaction(pool, async () => {
      attempts += 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await expect(attempt).rejects.toThrow('deadlock detected');
    expect(attempts).toBe(5);
  });

  it('survives the loss of its connection in the middle', async () => {
    const attempt = inTransaction(pool, async (transaction) => {
      await transaction.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(attempt).rejects.toThrow();
    expect(await counterValue(3)).toBe(7);
  });

  it('accepts the server version that it is tested against', async () => {
    expect(await requireServerVersion(pool)).toBeGreaterThanOrEqual(15);
  });

  it('says what to check when no database answers', async () => {
    const nowhere = createPool('postgresql://nobody@127.0.0.1:1/none', { max: 1, applicationName: 'test' });
    await expect(requireServerVersion(nowhere)).rejects.toThrow(/does not answer.*DATABASE_URL/);
    await nowhere.end();
  });

  async function counterValue(id: number): Promise<number | undefined> {
    const { rows } = await pool.query<{ value: number }>('select value from counter where id = $1', [id]);
    return rows[0]?.value;
  }
});

async function increment(transaction: Transaction, id: number): Promise<void> {
  await transaction.query('update counter set value = value + 1 where id = $1', [id]);
}

/** Resolves for all callers once so many have come. */
function barrier(count: number): () => Promise<void> {
  let arrived = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}
