import { type BundleText, takeResources } from '../bundles.ts';
import { drive, type HttpRequest } from '../load.ts';
import { type LoadFigures, measureLoad } from '../measure-load.ts';
import { checkpoint, countResources } from '../queries.ts';
import type { Bench } from '../scenario.ts';

export interface TransactionResult extends LoadFigures {
  /** The latencies are theirs, the other figures are per resource. */
  bundles: number;
}

const clients = 4;
const mostResources = 40_000;
/** Synthea's first Bundles hold the hospitals and practitioners that all others refer to by identifier. */
const sharedBundles = 2;

const toRequest = ({ text, resources }: BundleText): HttpRequest => ({
  method: 'POST',
  path: '/fhir',
  body: text,
  units: resources,
});

/** Transaction Bundles as they are, by four clients at once. */
export async function runTransactions({ server, data, options }: Bench): Promise<TransactionResult> {
  const limit = Math.min(options.limit, mostResources);
  const bundles = await Array.fromAsync(takeResources(data, limit));
  const shared = bundles.splice(0, sharedBundles);
  if ((await countResources(server.pool)) === 0) await drive(server.address, shared.map(toRequest), 1);
  const counted = await countResources(server.pool);
  await checkpoint(server.pool);
  const measuring = { unit: 'resource', server: server.processId, postmaster: server.postmaster };
  const figures = await measureLoad(measuring, server.address, bundles.map(toRequest), clients);
  const stored = (await countResources(server.pool)) - counted;
  if (stored !== figures.units) throw new Error(`${stored} of ${figures.units} resources were stored by transactions`);
  return { ...figures, bundles: bundles.length };
}
