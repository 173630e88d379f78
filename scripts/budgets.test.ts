import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, 'budgets.ts');

describe('the budgets', () => {
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'meridian-budgets-'));
    for (let number = 0; number < 40; number++) write(`src/lib/small-${number}.ts`, functionOf(10));
  });

  afterEach(() => rmSync(tree, { recursive: true }));

  it('let small files pass', () => {
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('40 files (median 10, p95 10 lines)') });
  });

  it('find a file above 500 lines', () => {
    write('src/lib/large.ts', 'export const one = 1;\n'.repeat(501));
    expect(check()).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^File src\/lib\/large.ts has 501 lines/m),
    });
  });

  it('find a function above 80 lines, wherever it stands', () => {
    write('portal/page.tsx', `export const page = () => {\n${'  1;\n'.repeat(79)}  return <b/>;\n};\n`);
    write('src/lib/class.ts', `export class A {\n  go() {\n${'    1;\n'.repeat(80)}  }\n}\n`);
    const { stdout } = check();
    expect(stdout).toMatch(/^Function portal\/page.tsx#page has 82 lines/m);
    expect(stdout).toMatch(/^Function src\/lib\/class.ts#go has 82 lines/m);
  });

  it('find a tree of middling files', () => {
    for (let number = 0; number < 45; number++) write(`src/lib/middling-${number}.ts`, functionOf(30).repeat(3));
    expect(check().stdout).toMatch(/the median file has 90 lines, 80 at most/);
  });

  it('do not count tests and what is printed by code', () => {
    write('src/lib/long.test.ts', functionOf(200));
    write('src/fhir/generated/table.ts', functionOf(700));
    expect(check()).toMatchObject({ status: 0 });
  });

  it('find a statement outside queries.ts', () => {
    write('src/fhir/store/queries.ts', "pool.query('select 1');\n");
    write('src/fhir/store/read.ts', "pool.query<Row>('select 1');\n");
    const { stdout, status } = check();
    expect(stdout).toMatch(/^src\/fhir\/store\/read.ts runs a query/m);
    expect(stdout).not.toContain('queries.ts runs');
    expect(status).toBe(1);
  });

  function write(path: string, text: string): void {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  function check(): { status: number | null; stdout: string } {
    return spawnSync(process.execPath, [program], { cwd: tree, encoding: 'utf8' });
  }
});

function functionOf(lines: number): string {
  return `function f() {\n${'  1;\n'.repeat(lines - 2)}}\n`;
}
