import { drive, type HttpRequest } from './load.ts';
import { type Measured, type Measuring, measure } from './measure.ts';
import { type Latencies, latencies } from './statistics.ts';

export type LoadFigures = Measured & Latencies;

/** So many requests, going round through the given ones. */
export const take = (requests: readonly HttpRequest[], count: number): HttpRequest[] =>
  Array.from({ length: count }, (_item, index) => requests[index % requests.length] as HttpRequest);

/** What a load costs, and how long its clients wait. */
export async function measureLoad(
  measuring: Measuring,
  address: string,
  requests: Iterable<HttpRequest>,
  clients: number,
): Promise<LoadFigures> {
  let latenciesMs: number[] = [];
  const measured = await measure(measuring, async () => {
    const load = await drive(address, requests, clients);
    latenciesMs = load.latenciesMs;
    return load.units;
  });
  return { ...measured, ...latencies(latenciesMs) };
}
