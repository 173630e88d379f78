import { existsSync, readdirSync } from 'node:fs';
import { findChineseFont, installBrowser } from './chromium.ts';
import type { Requirement } from './test-steps.ts';

const debianFolder = '/usr/lib/postgresql';
const leastVersion = 15;

/** Debian's oldest PostgreSQL that Meridian supports, for the tests that must also pass on an external server. */
export function findDebianPostgres(): Requirement {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).map(Number) : [];
  const version = Math.min(...versions.filter((candidate) => candidate >= leastVersion));
  if (!Number.isFinite(version)) return { skip: `Skipped: no PostgreSQL ${leastVersion} or newer in ${debianFolder}.` };
  return { environment: { MERIDIAN_TEST_POSTGRES: `${debianFolder}/${version}` } };
}

/** Chromium and a Chinese font; installs what is missing, and fails where that cannot be done. */
export function needsBrowser(): Requirement {
  const chromium = installBrowser();
  if (chromium === undefined) return { fail: 'No Chromium was found, and none could be installed. See above.' };
  if (!findChineseFont()) return { fail: 'No Chinese font was found, and none could be installed. See above.' };
  return { environment: { MERIDIAN_CHROMIUM: chromium } };
}
