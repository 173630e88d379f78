import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/<pid>/stat: USER_HZ is 100 on every Linux that Node runs on. */
const msPerTick = 10;

interface ProcessTimes {
  parent: number;
  /** User and system time of the process, all its threads included. */
  ownMs: number;
  /** The same of its children that have ended, and of theirs. */
  endedChildrenMs: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; undefined when the process is gone. */
function readTimes(pid: number | 'self'): ProcessTimes | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in field 2 may hold spaces; field 3 follows its bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number) => Number(fields[field - 3]);
  return {
    parent: ticks(4),
    ownMs: (ticks(14) + ticks(15)) * msPerTick,
    endedChildrenMs: (ticks(16) + ticks(17)) * msPerTick,
  };
}

function requireTimes(pid: number | 'self'): ProcessTimes {
  const times = readTimes(pid);
  if (!times) throw new Error(`Process ${pid} has ended while it was measured`);
  return times;
}

export const parentOf = (pid: number): number => requireTimes(pid).parent;

export const ownCpuMs = (pid: number | 'self'): number => requireTimes(pid).ownMs;

/** CPU of this process's children that have ended. */
export const endedChildrenCpuMs = (): number => requireTimes('self').endedChildrenMs;

/** CPU of all of PostgreSQL: the postmaster, its live backends and workers, and those that have ended. */
export function postgresCpuMs(postmaster: number): number {
  const { ownMs, endedChildrenMs } = requireTimes(postmaster);
  let sum = ownMs + endedChildrenMs;
  for (const pid of readdirSync('/proc').map(Number)) {
    if (Number.isNaN(pid)) continue;
    const times = readTimes(pid);
    if (times?.parent === postmaster) sum += times.ownMs;
  }
  return sum;
}

/** Time that all cores of the machine were busy. */
export function machineCpuMs(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
    .slice(0, 200)
    .split('\n', 1)
    .flatMap((line) => line.split(/\s+/))
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * msPerTick;
}

/** Most memory that the process has held so far, in MB; 0 when it is gone. */
export const peakMemoryMb = (pid: number): number => memoryField(pid, 'VmHWM');

/** Memory that the process holds now, in MB; 0 when it is gone. */
export const memoryMb = (pid: number): number => memoryField(pid, 'VmRSS');

function memoryField(pid: number, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes = '0'] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
