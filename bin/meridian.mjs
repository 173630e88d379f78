#!/usr/bin/env node
// Hands the command over to Meridian's own Node 24, whatever Node >= 20.19 the machine has.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepareModules } from '../scripts/prepare.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

try {
  const main = join(import.meta.dirname, '..', 'src', 'apps', 'cli', 'main.ts');
  const leash = join(import.meta.dirname, 'end-with-launcher.mjs');
  const args = ['--import', leash, main, ...process.argv.slice(2)];
  const child = spawn(prepareModules(), args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of signals) {
    // A terminal sends Ctrl-C to the child as well: a second one would ask it to hurry.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
