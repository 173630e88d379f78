import type { Bundle } from 'fhir/r4.js';
import { drive } from '../load.ts';
import type { Bench } from '../scenario.ts';
import { quantile, round } from '../statistics.ts';

export interface CountResult {
  /** Rows counted and the median time, by search. */
  counts: Record<string, { rows: number; p50Ms: number; rowsPerSecond: number }>;
  /** Of the search with most rows. */
  rowsPerSecond: number;
}

const searches = [
  'Observation?status=final',
  'Observation?category=laboratory',
  'Observation',
  'Encounter?status=finished',
];
const repetitions = 9;

/** Exact counts of what very many resources have. */
export async function runCounts({ server, log }: Bench): Promise<CountResult> {
  const counts: CountResult['counts'] = {};
  for (const search of searches) {
    const path = `/fhir/${search}${search.includes('?') ? '&' : '?'}_summary=count`;
    let rows = 0;
    const { latenciesMs } = await drive(
      server.address,
      Array(repetitions).fill({ method: 'GET', path }),
      1,
      (_, { text }) => {
        rows = (JSON.parse(text) as Bundle).total ?? 0;
      },
    );
    const p50Ms = round(quantile(latenciesMs, 0.5));
    counts[search] = { rows, p50Ms, rowsPerSecond: round((rows * 1000) / p50Ms) };
    log(`count: ${search}: ${rows} rows in ${p50Ms} ms`);
  }
  const [largest] = Object.values(counts).toSorted((left, right) => right.rows - left.rows);
  return { counts, rowsPerSecond: largest?.rowsPerSecond ?? 0 };
}
