import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ICruiseResult } from 'dependency-cruiser';

/** Checks the import rules of .dependency-cruiser.mjs over all sources and prints what breaks them, with the remedy. */
function main(): number {
  const result = cruise(
    ['src', 'portal', 'population', 'bench', 'test', 'scripts'].filter((folder) => existsSync(folder)),
  );
  const parsed = result.modules.filter(
    ({ source }) => /^[^.].*[.]tsx?$/.test(source) && !source.includes('node_modules'),
  );
  if (!parsed.some(({ dependencies }) => dependencies.length > 0)) {
    console.log(
      'dependency-cruiser saw no import in any TypeScript file: its compiler is missing, so nothing was checked.',
    );
    return 1;
  }
  const { violations, ruleSetUsed } = result.summary;
  const comments = new Map(ruleSetUsed?.forbidden?.map(({ name, comment }) => [name, comment]));
  for (const { rule, from, to, cycle } of violations) {
    const path = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
    console.log(`${rule.name}: ${from} -> ${path}\n  ${comments.get(rule.name) ?? ''}`);
  }
  console.log(
    `${parsed.length} files, ${result.summary.totalDependenciesCruised} imports, ${violations.length} against the rules`,
  );
  return violations.length === 0 ? 0 : 1;
}

function cruise(folders: string[]): ICruiseResult {
  const hooks = new URL('./boundaries-hooks.mjs', import.meta.url).href;
  const program = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
  const options = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', hooks, program, ...options, ...folders], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  try {
    return JSON.parse(stdout) as ICruiseResult;
  } catch {
    throw new Error(`dependency-cruiser failed: ${stderr}`);
  }
}

process.exitCode = main();
