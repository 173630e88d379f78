import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { endedChildrenCpuMs, machineCpuMs, ownCpuMs, parentOf, peakMemoryMb } from './process-usage.ts';

/** Uses so much CPU time, however long that takes on a busy machine. */
function burn(ms: number): void {
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < ms * 1000);
}

describe('process usage', () => {
  it('counts the CPU time of a process and of the machine', () => {
    const before = { own: ownCpuMs('self'), machine: machineCpuMs() };
    burn(300);
    expect(ownCpuMs('self') - before.own).toBeGreaterThanOrEqual(200);
    expect(machineCpuMs() - before.machine).toBeGreaterThanOrEqual(200);
  });

  it('counts what ended children have used', () => {
    const before = endedChildrenCpuMs();
    spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);']);
    expect(endedChildrenCpuMs() - before).toBeGreaterThanOrEqual(200);
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
