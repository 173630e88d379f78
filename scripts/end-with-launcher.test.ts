import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { identifyProcess, waitUntil } from '#lib/process.ts';

const preload = new URL('../bin/end-with-launcher.mjs', import.meta.url).pathname;
const worker = `console.log(process.pid); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`;
const workerArguments = JSON.stringify(['--import', preload, '-e', worker]);

describe.skipIf(process.platform !== 'linux')('a process that Meridian launched stops (Linux only)', () => {
  it('when bin/meridian.mjs was killed', async () => {
    const launcher = launch(`
      require('node:child_process').spawn(process.execPath, ${workerArguments}, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    `);
    const pid = await firstNumber(launcher);
    launcher.kill('SIGKILL');
    expect(await waitUntil(() => identifyProcess(pid) === undefined, 5000)).toBe(true);
  });

  it('when npm was killed, although a shell stands between them', async () => {
    const launcher = launch(`
      process.title = 'npm start';
      const command = [process.execPath, ...${workerArguments}].map((word) => "'" + word.replaceAll("'", "'\\\\''") + "'").join(' ');
      require('node:child_process').spawn('sh', ['-c', command + '; true'], {
        stdio: 'inherit', env: { ...process.env, npm_execpath: '/usr/bin/npm' },
      });
    `);
    const pid = await firstNumber(launcher);
    launcher.kill('SIGKILL');
    expect(await waitUntil(() => identifyProcess(pid) === undefined, 5000)).toBe(true);
  });

  it('but not before', async () => {
    const launcher = launch(`
      require('node:child_process').spawn(process.execPath, ${workerArguments}, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    `);
    const pid = await firstNumber(launcher);
    expect(await waitUntil(() => identifyProcess(pid) === undefined, 1000)).toBe(false);
    launcher.kill('SIGKILL');
  });
});

function launch(program: string): ChildProcess {
  return spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstNumber({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: stdout })) return Number(line);
  throw new Error('The process ended without a line.');
}
