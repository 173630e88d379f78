import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { identifyProcess, isRunning, processesInFolder, signal, waitUntil } from './process.ts';

it('tells one run of a process from another with the same id', () => {
  const self = identifyProcess(process.pid);
  expect(self).toMatchObject({ pid: process.pid, startedAt: expect.any(String) });
  expect(isRunning({ pid: process.pid, startedAt: self?.startedAt ?? '' })).toBe(true);
  expect(isRunning({ pid: process.pid, startedAt: 'another time' })).toBe(false);
});

it('knows nothing of an id that no process has', () => {
  expect(identifyProcess(2 ** 22 + 1)).toBeUndefined();
});

it('finds a program by the folder that it works in, until it has ended', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meridian-process-')));
  const child = spawn('sleep', ['60'], { cwd: folder });
  const found = () => processesInFolder(folder, 'sleep');
  if (process.platform === 'linux') {
    expect(await waitUntil(() => found().length > 0, 5000)).toBe(true);
    expect(found()).toEqual([child.pid]);
    expect(processesInFolder(folder, 'postgres')).toEqual([]);
  }
  signal(child.pid ?? 0, 'SIGKILL');
  expect(await waitUntil(() => found().length === 0, 5000)).toBe(true);
  rmSync(folder, { recursive: true });
});

it('sends a signal to a process that is gone without complaint', () => {
  expect(() => signal(2 ** 22 + 1, 'SIGTERM')).not.toThrow();
});

it('stops waiting when the time is over', async () => {
  expect(await waitUntil(() => false, 30, 5)).toBe(false);
});
