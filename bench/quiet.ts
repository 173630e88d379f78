import { setTimeout as sleep } from 'node:timers/promises';
import { machineCpuMs } from './process-usage.ts';

const intervalMs = 1000;
const quietCores = 0.3;

/** Cores that are busy while the benchmark itself does nothing. */
async function busyCores(): Promise<number> {
  const before = machineCpuMs();
  const started = performance.now();
  await sleep(intervalMs);
  return (machineCpuMs() - before) / (performance.now() - started);
}

/** Waits until other programs leave the machine in peace, or the time is over; returns the cores that they use then. */
export async function waitUntilQuiet(timeoutMs: number): Promise<number> {
  const end = performance.now() + timeoutMs;
  let busy = await busyCores();
  while (busy > quietCores && performance.now() < end) busy = await busyCores();
  return busy;
}

/** Where a measurement shared the machine with others, as `read.bare.clients1: 1.4 cores`. */
export function findDisturbed(measured: object, path = ''): string[] {
  return Object.entries(measured).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'otherCores' && typeof value === 'number' && value > quietCores) return [`${path}: ${value} cores`];
    return typeof value === 'object' && value !== null ? findDisturbed(value, path ? `${path}.${name}` : name) : [];
  });
}
