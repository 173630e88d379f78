import { cpuMs, divide } from './cost.ts';
import type { Results } from './results.ts';
import type { SearchResult } from './scenarios/search.ts';
import { searchKinds } from './search-kinds.ts';
import { round } from './statistics.ts';

interface Limit {
  name: string;
  /** Undefined when a scenario that it needs did not run. */
  value(results: Results): number | undefined;
  atLeast?: number;
  atMost?: number;
}

const readRatio = ({ read }: Results) => divide(read?.observation.clients1.p50Ms, read?.bare.clients1.p50Ms);
const importRatio = (results: Results) => divide(results.import?.perSecond, results.copy?.oneSession.perSecond);

/** From the issue "Meridian starts": a run that misses one fails. */
const limits: Limit[] = [
  { name: 'import rate / COPY rate of the same rows', value: importRatio, atLeast: 0.25 },
  { name: 'import CPU ms per resource', value: (results) => results.import && cpuMs(results.import), atMost: 0.45 },
  {
    name: 'transaction CPU ms per resource',
    value: ({ transaction }) => transaction && cpuMs(transaction),
    atMost: 0.9,
  },
  { name: 'read p50 / bare SELECT p50', value: readRatio, atMost: 3 },
  { name: 'search p50 ms', value: ({ search }) => search?.clients1.p50Ms, atMost: 4 },
  { name: 'server peak memory MB', value: ({ serverPeakMb }) => serverPeakMb, atMost: 600 },
];

const slowestWalk = ({ kinds }: SearchResult): number =>
  Math.max(...Object.entries(kinds).map(([name, { p95Ms }]) => (searchKinds[name]?.demand === 'walking' ? p95Ms : 0)));

/** From the issue "The shared record", for a million resources: reported so that the way there is seen. */
const goals: Limit[] = [
  { name: 'import rate / COPY rate of the same rows', value: importRatio, atLeast: 1 / 3 },
  { name: 'import CPU ms per resource', value: (results) => results.import && cpuMs(results.import), atMost: 0.3 },
  {
    name: 'transaction CPU ms per resource',
    value: ({ transaction }) => transaction && cpuMs(transaction),
    atMost: 0.45,
  },
  { name: 'create CPU ms, 32 clients', value: ({ create }) => create && cpuMs(create.clients32), atMost: 0.9 },
  { name: 'read p50 / bare SELECT p50', value: readRatio, atMost: 2 },
  { name: 'selective searches p50 ms', value: ({ search }) => search?.demands.selective.p50Ms, atMost: 3 },
  { name: 'selective searches p95 ms', value: ({ search }) => search?.demands.selective.p95Ms, atMost: 10 },
  {
    name: 'selective searches of a clinician / of a system, p50',
    value: ({ access }) => access?.searches.p50Ratio,
    atMost: 1.25,
  },
  { name: 'read throughput that the trail costs', value: ({ audit }) => audit?.lost, atMost: 0.15 },
  {
    name: 'slowest of chained, _has and sorted first pages, p95 ms',
    value: ({ search }) => search && slowestWalk(search),
    atMost: 30,
  },
  {
    name: '$everything ms per 1,000 resources',
    value: ({ everything }) => everything?.msPerThousandResources,
    atMost: 60,
  },
  { name: 'rows counted per second', value: ({ count }) => count?.rowsPerSecond, atLeast: 1_000_000 },
  {
    name: 'memory of import and export, last quarter over second',
    value: ({ import: imported, export: exported }) =>
      imported && exported && Math.max(imported.importMemory.growth, exported.memory.growth),
    atMost: 1.2,
  },
  {
    name: 'worst growth of cost over log n',
    value: ({ growth }) => growth && Math.max(...Object.values(growth.slopes)),
    atMost: 1,
  },
  { name: '$match per second, 100,000 persons', value: ({ match }) => match?.clients8.perSecond, atLeast: 500 },
  {
    name: 'bytes on disk per byte of JSON',
    value: (results) => divide(results.import?.diskBytesPerResource, results.import?.contentBytesPerResource),
    atMost: 2.5,
  },
];

export interface Held {
  name: string;
  value: number;
  limit: string;
  holds: boolean;
}

function hold({ name, value, atLeast, atMost }: Limit, results: Results): Held[] {
  const measured = value(results);
  if (measured === undefined) return [];
  const limit = atLeast === undefined ? `<= ${atMost}` : `>= ${round(atLeast)}`;
  return [
    {
      name,
      value: round(measured),
      limit,
      holds: atLeast === undefined ? measured <= (atMost ?? 0) : measured >= atLeast,
    },
  ];
}

export const holdLimits = (results: Results): Held[] => limits.flatMap((limit) => hold(limit, results));
export const holdGoals = (results: Results): Held[] => goals.flatMap((goal) => hold(goal, results));
