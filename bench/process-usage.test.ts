import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { endedChildrenCpuMs, machineCpuMs, ownCpuMs, parentOf, peakMemoryMb } from './process-usage.ts';

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('process usage', () => {
  it('counts the CPU time of a process and of the machine', () => {
    const before = { own: ownCpuMs('self'), machine: machineCpuMs() };
    burn(300);
    expect(ownCpuMs('self') - before.own).toBeGreaterThanOrEqual(100);
    expect(machineCpuMs() - before.machine).toBeGreaterThanOrEqual(100);
  });

  it('counts what ended children have used', () => {
    const before = endedChildrenCpuMs();
    spawnSync(process.execPath, ['-e', 'const end = Date.now() + 300; while (Date.now() < end);']);
    expect(endedChildrenCpuMs() - before).toBeGreaterThanOrEqual(100);
  });

  it('knows the parent and the peak memory', () => {
    expect(parentOf(process.pid)).toBe(process.ppid);
    expect(peakMemoryMb(process.pid)).toBeGreaterThan(20);
  });

  it('does not mistake an ended process for an idle one', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(() => ownCpuMs(pid)).toThrow('has ended');
    expect(peakMemoryMb(pid)).toBe(0);
  });
});
