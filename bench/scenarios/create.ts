import { resourceTypeOfNumber } from '#fhir/definitions/index.ts';
import { drive, type HttpRequest } from '../load.ts';
import { type LoadFigures, measureLoad, take } from '../measure-load.ts';
import { checkpoint, countByType, sampleResources } from '../queries.ts';
import type { Bench } from '../scenario.ts';

export type CreateResult = Record<'clients1' | 'clients8' | 'clients32', LoadFigures>;

const sampleLength = 2000;

/** Resources that are stored already, in the mix of their types, are posted as new ones. */
export async function runCreates(bench: Bench): Promise<CreateResult> {
  const bodies = await sampleBodies(bench);
  await drive(bench.server.address, take(bodies, 200), 4); // the first requests run unoptimised code
  return {
    clients1: await post(bench, bodies, 1000, 1),
    clients8: await post(bench, bodies, 3000, 8),
    clients32: await post(bench, bodies, 6000, 32),
  };
}

/** What is stored already, in the mix of its types, to be posted as new; but search parameters, whose url may come once. */
export async function sampleBodies({ server }: Pick<Bench, 'server'>): Promise<HttpRequest[]> {
  const counted = await countByType(server.pool);
  const counts = counted.filter(({ type }) => resourceTypeOfNumber(type) !== 'SearchParameter');
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const requests: HttpRequest[] = [];
  for (const { type, count } of counts) {
    const share = Math.round((sampleLength * count) / all);
    for (const { content } of await sampleResources(server.pool, type, share)) {
      requests.push({ method: 'POST', path: `/fhir/${resourceTypeOfNumber(type)}`, body: content });
    }
  }
  return shuffle(requests);
}

/** The same order in every run: by a stride that visits all. */
function shuffle<Item>(items: Item[]): Item[] {
  const stride = 7919;
  return items.map((_item, index) => items[(index * stride) % items.length] as Item);
}

async function post({ server, log }: Bench, bodies: HttpRequest[], count: number, clients: number) {
  log(`create: ${count} resources by ${clients} client${clients === 1 ? '' : 's'}`);
  await checkpoint(server.pool);
  const measuring = { unit: 'resource', server: server.processId, postmaster: server.postmaster };
  return measureLoad(measuring, server.address, take(bodies, count), clients);
}
