import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Step {
  title: string;
  run(): Promise<Counts>;
}

/** What a step needs of the machine: variables for its tests, or the reason why it cannot run here. */
export type Requirement = { environment: Record<string, string> } | { skip: string } | { fail: string };

/** A step that passes when a program ends with zero. */
export function printsClean(title: string, program: string, ...args: string[]): Step {
  const run = async () =>
    (await runNode([program, ...args])) === 0
      ? { passed: 1, failed: 0, skipped: 0 }
      : { passed: 0, failed: 1, skipped: 0 };
  return { title, run };
}

interface VitestOptions {
  environment?: Record<string, string>;
  require?: () => Requirement;
  /** Only the test files whose paths contain one of these. */
  files?: () => string[];
}

/** A step that runs one project of vitest.config.ts and counts its tests. */
export function vitest(title: string, project: string, options: VitestOptions = {}): Step {
  const run = async () => {
    const requirement = options.require?.() ?? { environment: {} };
    if ('skip' in requirement) return explain(requirement.skip, { passed: 0, failed: 0, skipped: 1 });
    if ('fail' in requirement) return explain(requirement.fail, { passed: 0, failed: 1, skipped: 0 });
    const files = options.files?.() ?? [];
    if (options.files && files.length === 0) return explain('No such file.', { passed: 0, failed: 1, skipped: 0 });
    return runVitest(project, files, { ...options.environment, ...requirement.environment });
  };
  return { title, run };
}

async function runVitest(project: string, files: string[], environment: Record<string, string>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters, ...files];
  const status = await runNode(args, environment);
  const counts = readReport(report);
  rmSync(folder, { recursive: true });
  // A file that does not load has no failed tests, yet the run has failed.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readReport(file: string): Counts {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number | undefined>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function runNode(args: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function explain(reason: string, counts: Counts): Counts {
  console.log(reason);
  return counts;
}

/** Unit tests whose outcome could depend on the machine's time zone: by what they are named after or speak of. */
export function unitFilesThatTellTime(): string[] {
  const isUnit = (path: string) =>
    !/[.](integration[.]test|prop[.]test)[.]ts$/.test(path) && !path.includes('node_modules');
  return globSync('{src,portal,population}/**/*.test.{ts,tsx}')
    .filter(isUnit)
    .filter((path) => /\b(new Date|Date[.]|Intl|birthDate|instant|Temporal)\b|date/i.test(readFileSync(path, 'utf8')));
}
