import type { Trail } from '#fhir/access/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Vault } from '#lib/vault.ts';

/** What a deployment decides about sign-in. */
export interface AccountSettings {
  /** Who must prove themselves twice. */
  secondFactor: 'staff' | 'everybody' | 'nobody';
  /** A session ends when nothing was heard for so long, and in any case after so long. */
  idleMs: number;
  longestMs: number;
}

export interface AccountDependencies {
  pool: Pool;
  /** Where sign-ins, refusals and changes of accounts are put down. */
  trail: Trail;
  vault: Vault;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  newId: () => string;
  settings: AccountSettings;
}
