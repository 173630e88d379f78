import { cpuMs, divide } from './cost.ts';
import type { Results } from './results.ts';
import { round } from './statistics.ts';

type Better = 'higher' | 'lower';

interface Ratio {
  better: Better;
  value(results: Results): number | undefined;
}

const copyCpuMs = ({ copy }: Results) => copy && cpuMs(copy.oneSession);
const barePoint = ({ read }: Results) => read?.bare.clients1;

/** What is compared with the baseline: figures over limits of the same run, so that the machine's speed cancels out. */
const ratios: Record<string, Ratio> = {
  importRateToCopy: {
    better: 'higher',
    value: (results) => divide(results.import?.perSecond, results.copy?.oneSession.perSecond),
  },
  importCpuToCopy: {
    better: 'lower',
    value: (results) => divide(results.import && cpuMs(results.import), copyCpuMs(results)),
  },
  transactionCpuToCopy: {
    better: 'lower',
    value: (results) => divide(results.transaction && cpuMs(results.transaction), copyCpuMs(results)),
  },
  createCpuToCopy: {
    better: 'lower',
    value: (results) => divide(results.create && cpuMs(results.create.clients32), copyCpuMs(results)),
  },
  readToBare: {
    better: 'lower',
    value: (results) => divide(results.read?.observation.clients1.p50Ms, barePoint(results)?.p50Ms),
  },
  readCpuToBare: {
    better: 'lower',
    value: ({ read }) => divide(read && cpuMs(read.observation.clients8), read && cpuMs(read.bare.clients8)),
  },
  searchToBare: {
    better: 'lower',
    value: (results) => divide(results.search?.clients1.p50Ms, barePoint(results)?.p50Ms),
  },
  diskToContent: {
    better: 'lower',
    value: (results) => divide(results.import?.diskBytesPerResource, results.import?.contentBytesPerResource),
  },
};

export type Ratios = Record<string, number>;

export function computeRatios(results: Results): Ratios {
  const computed: Ratios = {};
  for (const [name, { value }] of Object.entries(ratios)) {
    const ratio = value(results);
    if (ratio !== undefined) computed[name] = round(ratio);
  }
  return computed;
}

const tolerance = 0.3;

export interface Regression {
  ratio: string;
  value: number;
  baseline: number;
}

/** Ratios more than 30 % worse than in the baseline; a ratio that only one of them has is not compared. */
export function findRegressions(current: Ratios, baseline: Ratios): Regression[] {
  return Object.entries(ratios).flatMap(([ratio, { better }]) => {
    const [value, before] = [current[ratio], baseline[ratio]];
    if (value === undefined || before === undefined) return [];
    const isWorse = better === 'lower' ? value > before * (1 + tolerance) : value < before * (1 - tolerance);
    return isWorse ? [{ ratio, value, baseline: before }] : [];
  });
}
