import { Failure } from '#lib/failure.ts';
import { inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { openTrustedKeys } from '../keys.ts';
import { findAnchors, readAnchor } from '../seal/anchor.ts';
import { holdStill, insertVerification } from './queries.ts';
import { type Verification, verifyTrail } from './verify.ts';

export interface VerificationRequest {
  pool: Pool;
  keyFile: string;
  anchorFile: string;
  /** Copies of anchors that were kept elsewhere. */
  otherAnchors?: readonly string[] | undefined;
  /** Microseconds since 1970 UTC. */
  since?: number | undefined;
  progress?(done: number, total: number): void;
}

export interface VerificationReport extends Verification {
  /** The files that the trail's end was held against; none means that a cut could not be found. */
  anchors: readonly string[];
}

/** Verifies the trail and puts down what was found. */
export async function runVerification(request: VerificationRequest): Promise<VerificationReport> {
  const { pool, keyFile, anchorFile, otherAnchors = [], since, progress } = request;
  const started = new Date();
  const files = [...findAnchors(anchorFile), ...otherAnchors];
  const anchors = files.map((file) => {
    const anchor = readAnchor(file);
    if (!anchor) throw new Failure('not-found', `There is no anchor ${file}.`);
    return { file, anchor };
  });
  const keys = openTrustedKeys(keyFile);
  const verification = await inTransaction(pool, async (transaction) => {
    await holdStill(transaction);
    return verifyTrail(transaction, { keys, anchors, since, ...(progress && { progress }) });
  });
  const { events, blocks, findings, examples } = verification;
  await inTransaction(pool, (transaction) =>
    insertVerification(transaction, {
      started,
      ended: new Date(),
      since: since ?? null,
      events,
      blocks,
      findings,
      examples: examples.slice(0, 20),
    }),
  );
  return { ...verification, anchors: files };
}
