import { endedChildrenCpuMs, machineCpuMs, memoryMb, ownCpuMs, peakMemoryMb, postgresCpuMs } from './process-usage.ts';
import { mean, round } from './statistics.ts';

export interface Measured {
  /** What is counted: `resource`, `request`. */
  unit: string;
  units: number;
  seconds: number;
  perSecond: number;
  serverCpuMicrosPerUnit: number;
  postgresCpuMicrosPerUnit: number;
  /** Cores that other programs of the machine kept busy: above 0.1 the rates and latencies are worth little. */
  otherCores: number;
}

export interface Measuring {
  unit: string;
  /** The server's process, or 0 when only PostgreSQL works; ended children of this process count with it. */
  server: number;
  postmaster: number;
}

interface CpuTimes {
  server: number;
  postgres: number;
  own: number;
  machine: number;
}

function cpuTimes({ server, postmaster }: Measuring): CpuTimes {
  return {
    server: (server === 0 ? 0 : ownCpuMs(server)) + endedChildrenCpuMs(),
    postgres: postgresCpuMs(postmaster),
    own: ownCpuMs('self'),
    machine: machineCpuMs(),
  };
}

/** Runs the work, which tells how many units it did, and says what each of them cost. */
export async function measure(measuring: Measuring, work: () => Promise<number>): Promise<Measured> {
  const before = cpuTimes(measuring);
  const started = performance.now();
  const units = await work();
  const seconds = (performance.now() - started) / 1000;
  const after = cpuTimes(measuring);
  const spent = (name: keyof CpuTimes) => after[name] - before[name];
  const others = spent('machine') - spent('server') - spent('postgres') - spent('own');
  return {
    unit: measuring.unit,
    units,
    seconds: round(seconds),
    perSecond: round(units / seconds),
    serverCpuMicrosPerUnit: round((spent('server') * 1000) / units),
    postgresCpuMicrosPerUnit: round((spent('postgres') * 1000) / units),
    otherCores: round(Math.max(0, others) / 1000 / seconds, 2),
  };
}

export interface Memory {
  peakMb: number;
  /** The mean of the last quarter of the time over that of the second: 1 is flat. */
  growth: number;
}

const watchEveryMs = 100;

/** Watches the memory of a process, which may end before anybody asks. */
export function watchMemory(pid: number): { stop(): Memory } {
  const seen: number[] = [];
  let peakMb = 0;
  const look = () => {
    peakMb = Math.max(peakMb, peakMemoryMb(pid));
    const now = memoryMb(pid);
    if (now > 0) seen.push(now);
  };
  const timer = setInterval(look, watchEveryMs);
  return {
    stop: () => {
      look();
      clearInterval(timer);
      const quarter = (number: number) =>
        mean(seen.slice((seen.length * number) / 4, (seen.length * (number + 1)) / 4));
      return { peakMb: round(peakMb), growth: round(quarter(3) / quarter(1)) };
    },
  };
}
