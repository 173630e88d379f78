import { findDebianPostgres, needsBrowser } from './test-requirements.ts';
import { type Counts, printsClean, type Step, unitFilesThatTellTime, vitest } from './test-steps.ts';

/**
 * The gate. `npm test` runs every step, `npm run check` (`--fast`) those that need neither database nor browser; both
 * go on after a failure and end with one line that sums everything up. Words after the options choose steps by title.
 */
const fast: Step[] = [
  printsClean('Format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  printsClean('Types', 'node_modules/typescript/bin/tsc', '-p', '.'),
  printsClean('Boundaries', 'scripts/boundaries.ts'),
  printsClean('Budgets', 'scripts/budgets.ts'),
  printsClean('Generated files match their sources', 'scripts/generate.ts', '--check'),
  vitest('Unit tests', 'unit', { environment: { TZ: 'UTC' } }),
];

const slow: Step[] = [
  vitest('Unit tests of dates in New York', 'unit', {
    environment: { TZ: 'America/New_York' },
    files: unitFilesThatTellTime,
  }),
  vitest('Unit tests of dates in Tokyo', 'unit', { environment: { TZ: 'Asia/Tokyo' }, files: unitFilesThatTellTime }),
  vitest('Integration tests on the embedded PostgreSQL', 'integration'),
  vitest("Integration tests on Debian's PostgreSQL", 'integration', {
    require: findDebianPostgres,
    files: () => ['src/fhir', 'src/lib/postgres/pool', 'src/lib/postgres/migrate', 'src/lib/postgres/schema'],
  }),
  vitest('Conformance', 'conformance'),
  vitest('Properties', 'properties'),
  vitest('Crashes under load', 'crash'),
  vitest('Browser journeys', 'journeys', { require: needsBrowser }),
];

async function main(): Promise<number> {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const steps = process.argv.includes('--fast') ? fast : [...fast, ...slow];
  const chosen = steps.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word.toLowerCase())));
  const results: { title: string; counts: Counts }[] = [];
  for (const [index, { title, run }] of chosen.entries()) {
    console.log(`\n[${index + 1}/${chosen.length}] ${title}`);
    const started = performance.now();
    const counts = await run();
    console.log(`${counts.failed > 0 ? 'FAILED' : 'ok'}: ${describe(counts)} (${seconds(started)} s)`);
    results.push({ title, counts });
  }
  return sumUp(results);
}

function sumUp(results: { title: string; counts: Counts }[]): number {
  const failures = results.filter(({ counts }) => counts.failed > 0);
  console.log(failures.length > 0 ? `\nFailed: ${failures.map(({ title }) => title).join('; ')}` : '');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of results) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(describe(total));
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

process.exitCode = await main();
