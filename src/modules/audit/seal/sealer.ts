import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { monthOf } from '../event.ts';
import { type AuditKey, signHash } from '../keys.ts';
import { prepareMonth } from '../queries.ts';
import { type Anchor, readAnchor, setAnchorAside, writeAnchor } from './anchor.ts';
import { type Block, type Head, hashBlock, hashRoot, nothingBefore, printHeads } from './block.ts';
import {
  holdSeal,
  insertBlock,
  insertKey,
  insertRoot,
  selectBlockHash,
  selectHeads,
  selectLastRoot,
  takeUnsealed,
} from './queries.ts';

export interface SealDependencies {
  pool: Pool;
  key: AuditKey;
  /** Outside the database: MERIDIAN_DATA/audit/anchor.json. */
  anchorFile: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  log(event: string, details: Record<string, unknown>): void;
}

export interface Sealer {
  /** Seals all that is committed, unless another process is at it; returns how many events. */
  seal(): Promise<number>;
  stop(): Promise<void>;
}

const everyMs = 800;
/** About so many events in a block. */
const blockSize = 20_000;
const monthsEveryMs = 60 * 60 * 1000;

/** Seals what is committed, at most a second later, for as long as the process runs; of several processes, one at a time. */
export async function startSealer(dependencies: SealDependencies): Promise<Sealer> {
  const { pool, key, log, now } = dependencies;
  await insertKey(pool, key.id, key.publicText);
  await prepareMonths(pool, now());
  await checkAnchor(dependencies);
  const stopping = new AbortController();
  let isFailing = false;
  let months = now();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
      try {
        await seal(dependencies);
        if (now() - months > monthsEveryMs) {
          months = now();
          await prepareMonths(pool, months);
        }
        isFailing = false;
      } catch (error) {
        if (!isFailing) log('audit.seal-failed', { message: (error as Error).message });
        isFailing = true;
      }
    }
  };
  const running = loop();
  return {
    seal: () => seal(dependencies),
    stop: async () => {
      stopping.abort();
      await running;
      await seal(dependencies);
    },
  };
}

/** The parts of this month and the next two: made ahead, since nobody may wait for it when the month has come. */
async function prepareMonths(pool: Pool, now: number): Promise<void> {
  const date = new Date(now);
  for (const ahead of [0, 1, 2]) {
    await prepareMonth(pool, monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead) * 1000));
  }
}

/** Seals all that is committed; gives how many events. */
export async function seal(dependencies: SealDependencies): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await inTransaction(dependencies.pool, (transaction) => sealOnce(dependencies, transaction));
    if (!sealed) return total;
    await writeAnchor(dependencies.anchorFile, sealed.anchor);
    total += sealed.count;
    if (sealed.count < blockSize) return total;
  }
}

async function sealOnce({ key, now }: SealDependencies, transaction: Transaction) {
  if (!(await holdSeal(transaction))) return undefined;
  const sealables = await takeUnsealed(transaction, blockSize);
  if (sealables.length === 0) return undefined;
  const heads = new Map((await selectHeads(transaction)).map((head) => [head.month, head]));
  const sealedAt = now() * 1000;
  const root = await addRoot(transaction, key, [...heads.values()], sealedAt);
  for (const sealable of sealables) {
    const before = heads.get(sealable.month);
    const facts = {
      ...sealable,
      number: (before?.number ?? 0) + 1,
      previous: before?.hash ?? nothingBefore,
      sealedAt,
    };
    const hash = hashBlock(facts);
    const block: Block = { ...facts, hash: hash.toString('hex'), key: key.id, signature: signHash(key, hash) };
    await insertBlock(transaction, block);
    heads.set(block.month, { month: block.month, number: block.number, hash: block.hash });
  }
  const anchor: Anchor = {
    heads: [...heads.values()],
    root: root && { number: root.number, hash: root.hash },
    at: new Date(now()).toISOString(),
  };
  return { anchor, count: sealables.reduce((sum, { count, missing }) => sum + count + missing, 0) };
}

/** With the first seal of a day, the days before get their root. */
async function addRoot(transaction: Transaction, key: AuditKey, heads: readonly Head[], sealedAt: number) {
  const last = await selectLastRoot(transaction);
  const yesterday = new Date(sealedAt / 1000 - 86_400_000).toISOString().slice(0, 10);
  if (heads.length === 0 || (last && last.day >= yesterday)) return last;
  const facts = {
    number: (last?.number ?? 0) + 1,
    day: yesterday,
    heads: printHeads(heads),
    previous: last?.hash ?? nothingBefore,
  };
  const hash = hashRoot(facts);
  await insertRoot(transaction, { ...facts, hash: hash.toString('hex'), key: key.id, signature: signHash(key, hash) });
  return { ...facts, hash: hash.toString('hex') };
}

/** An anchor that the database does not bear out is not written over: it is the evidence that the end was cut off. */
async function checkAnchor({ pool, anchorFile, log, now }: SealDependencies): Promise<void> {
  const anchor = readAnchor(anchorFile);
  for (const { month, number, hash } of anchor?.heads ?? []) {
    const stored = await selectBlockHash(pool, month, number);
    if (stored === hash) continue;
    const kept = setAnchorAside(anchorFile, new Date(now()));
    log('audit.anchor-broken', { month, block: number, isThere: stored !== undefined, kept });
    return;
  }
}
