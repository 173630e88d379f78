import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** A small tree that keeps every rule; each test adds one file that breaks one. */
const clean = {
  'src/lib/clock.ts': 'export const now = () => 0;',
  'src/lib/postgres/pool.ts': "import pg from 'pg';\nexport type Pool = pg.Pool;",
  'src/fhir/store/queries.ts':
    "import pg from 'pg';\nimport type { Pool } from '#lib/postgres/pool.ts';\nexport type Store = [Pool, pg.Pool];",
  'src/fhir/read.ts':
    "import { now } from '#lib/clock.ts';\nimport type { Store } from './store/queries.ts';\nexport const read = (_: Store) => now();",
  'src/modules/health-record/index.ts': "export { summary } from './summary.ts';",
  'src/modules/health-record/summary.ts': "import { read } from '#fhir/read.ts';\nexport const summary = read;",
  'src/adapters/portal/index.ts':
    "import { summary } from '#modules/health-record/index.ts';\nexport const portal = summary;",
  'src/apps/server/main.ts': "import { portal } from '#adapters/portal/index.ts';\nportal;",
  'src/testing/clock.ts': "import { now } from '#lib/clock.ts';\nexport const stopped = now;",
  'portal/main.tsx':
    "import type { portal } from '../src/adapters/portal/index.ts';\nimport { now } from '#lib/clock.ts';\nexport const page = (_: typeof portal) => now();",
};

const faults: [rule: string, path: string, text: string][] = [
  ['lib-layer', 'src/lib/upward.ts', "import { read } from '#fhir/read.ts';\nread;"],
  [
    'lib-layer',
    'src/lib/upward-type.ts',
    "import type { Store } from '#fhir/store/queries.ts';\nexport type S = Store;",
  ],
  ['fhir-layer', 'src/fhir/upward.ts', "import { summary } from '#modules/health-record/index.ts';\nsummary;"],
  [
    'modules-layer',
    'src/modules/health-record/wire.ts',
    "import { portal } from '#adapters/portal/index.ts';\nportal;",
  ],
  ['adapters-layer', 'src/adapters/portal/start.ts', "import '../../apps/server/main.ts';"],
  [
    'front-door-only',
    'src/adapters/portal/back.ts',
    "import { summary } from '#modules/health-record/summary.ts';\nsummary;",
  ],
  ['portal-takes-types-only', 'portal/code.tsx', "import { portal } from '../src/adapters/portal/index.ts';\nportal;"],
  [
    'front-door-only',
    'portal/back.tsx',
    "import type { summary } from '../src/modules/health-record/summary.ts';\nexport type S = typeof summary;",
  ],
  ['driver-in-queries-only', 'src/fhir/search.ts', "import pg from 'pg';\nnew pg.Pool();"],
  ['no-tests-in-production', 'src/fhir/fake.ts', "import { stopped } from '#testing/clock.ts';\nstopped;"],
  ['no-orphans', 'src/lib/forgotten.ts', 'export const forgotten = 1;'],
  ['no-cycles', 'src/lib/self.ts', "import type { other } from './self.ts';\nexport const other = 1;"],
];

describe('the import rules', () => {
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'meridian-boundaries-'));
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs'])
      cpSync(join(root, name), join(tree, name));
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [path, text] of Object.entries(clean)) write(path, text);
  });

  afterEach(() => rmSync(tree, { recursive: true }));

  it('let a clean tree pass', () => {
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^1\d files, \d+ imports, 0 against/) });
  });

  it.each(faults)('%s finds %s', (rule, path, text) => {
    write(path, text);
    const { status, stdout } = check();
    expect(stdout).toMatch(new RegExp(`^${rule}: ${path.replaceAll('.', '[.]')}`, 'm'));
    expect(status).toBe(1);
  });

  it('demand that every module stands in the graph', () => {
    write('src/modules/surprise/index.ts', 'export const surprise = 1;');
    expect(check().stderr).toContain('Name these modules in the graph: surprise');
  });

  function write(path: string, text: string): void {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}\n`);
  }

  function check(): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [join(root, 'scripts/boundaries.ts')], { cwd: tree, encoding: 'utf8' });
  }
});
