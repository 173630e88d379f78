import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateRegion } from './region.ts';

const program = fileURLToPath(new URL('generate.ts', import.meta.url));

describe('node population/generate.ts', () => {
  it('writes the region as one resource a line', async () => {
    const { output, status } = await run('--seed', '3', '--residents', '12', '--now', '2026-11-25');
    const region = [...generateRegion({ seed: 3, residents: 12, now: '2026-11-25' })];
    expect(output).toBe(region.map((resource) => `${JSON.stringify(resource)}\n`).join(''));
    expect(status).toBe(0);
  });

  it('says how it is used when the number of residents is none', async () => {
    const { errors, status } = await run('--residents', 'many');
    expect(errors).toContain('node population/generate.ts --seed 1 --residents 1000');
    expect(status).not.toBe(0);
  });

  it('ends quietly when the reader has seen enough', async () => {
    const child = spawn(process.execPath, [program, '--residents', '400']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const errors = text(child.stderr);
    const [status] = await once(child, 'close');
    expect([status, await errors]).toEqual([0, '']);
  });
});

async function run(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args]);
  const closed = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await closed;
  return { output, errors, status };
}
