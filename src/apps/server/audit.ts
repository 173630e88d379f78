import { join } from 'node:path';
import { createPool } from '#lib/postgres/pool.ts';
import { type Audit, createAudit } from '#modules/audit/index.ts';
import type { Config } from './config.ts';

type AuditConfig = Pick<Config, 'MERIDIAN_DATA' | 'MERIDIAN_AUDIT_KEY'>;

/** Both lie outside the database: what signs the trail, and what its end is held against. */
export const auditFiles = ({ MERIDIAN_DATA, MERIDIAN_AUDIT_KEY }: AuditConfig) => ({
  keyFile: MERIDIAN_AUDIT_KEY || join(MERIDIAN_DATA, 'keys', 'audit.pem'),
  anchorFile: join(MERIDIAN_DATA, 'audit', 'anchor.json'),
});

/** The trail of a process, on connections of its own. */
export function openAudit(
  config: AuditConfig,
  connectionString: string,
  log: (event: string, details: Record<string, unknown>) => void,
): Audit {
  const pool = createPool(connectionString, { max: 2, applicationName: 'meridian audit' });
  const audit = createAudit({ pool, ...auditFiles(config), now: Date.now, log });
  return {
    ...audit,
    stop: async () => {
      try {
        await audit.stop();
      } finally {
        await pool.end();
      }
    },
  };
}
