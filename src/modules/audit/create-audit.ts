import type { Pool } from '#lib/postgres/pool.ts';
import { openKey } from './keys.ts';
import { type Sealer, startSealer } from './seal/sealer.ts';
import { createTrail, type StoppableTrail } from './trail.ts';

export interface AuditDependencies {
  /** Of its own, so that the trail waits for nobody: two connections. */
  pool: Pool;
  /** PEM of an Ed25519 key; made when there is none. The same for all processes on one database. */
  keyFile: string;
  /** Outside the database: what the end of the trail is held against. */
  anchorFile: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  log(event: string, details: Record<string, unknown>): void;
}

export interface Audit {
  readonly trail: StoppableTrail;
  /** Seals what is committed from now on; a process that only writes leaves that to a server. */
  start(): Promise<void>;
  /** Brings what was noted into the database, and seals it when sealing had been started. */
  stop(): Promise<void>;
}

export function createAudit({ pool, keyFile, anchorFile, now, log }: AuditDependencies): Audit {
  const key = openKey(keyFile);
  const trail = createTrail({ pool, key, log });
  let sealer: Sealer | undefined;
  return {
    trail,
    async start() {
      sealer ??= await startSealer({ pool, key, anchorFile, now, log });
    },
    async stop() {
      try {
        await trail.stop();
      } finally {
        await sealer?.stop();
      }
    },
  };
}
