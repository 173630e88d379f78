import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';

/**
 * Prints again what is printed from code: definitions, the database's schema, reference pages. With `--check` it fails
 * when a file differs from what was there, which means that it was edited by hand or its source changed without it.
 */
const printers = globSync('scripts/{generate,dump}-*.ts')
  .filter((path) => !path.endsWith('.test.ts'))
  .sort();
const products = ['**/generated/**/*', 'db/schema.sql', 'ARCHITECTURE.md', 'docs/reference/**/*'];

function hashProducts(): Map<string, string> {
  const exclude = (path: string) => /(^|\/)(node_modules|[.]git|dist)$/.test(path);
  const paths = globSync(products, { exclude }).filter((path) => statSync(path).isFile());
  return new Map(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

function main(): number {
  const before = hashProducts();
  for (const printer of printers) {
    const { status } = spawnSync(process.execPath, [printer], { stdio: 'inherit' });
    if (status !== 0) return 1;
  }
  if (!process.argv.includes('--check')) return 0;
  const after = hashProducts();
  const changed = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
  const removed = [...before.keys()].filter((path) => !existsSync(path));
  for (const path of [...changed, ...removed]) console.log(`${path} did not match its source; it is printed anew.`);
  console.log(`${printers.length} printers, ${after.size} files, ${changed.length + removed.length} out of step`);
  return changed.length + removed.length === 0 ? 0 : 1;
}

process.exitCode = main();
