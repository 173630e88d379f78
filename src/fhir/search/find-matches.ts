import type { Condition, TokenCondition } from './condition.ts';
import { type Connection, selectByKeys } from './queries.ts';
import type { SearchRequest } from './request.ts';

/** A live resource that meets a condition. */
export interface Match {
  rid: number;
  id: string;
  version: number;
}

/** One parsed condition, and where its matches go. */
interface Wanted {
  readonly request: SearchRequest;
  readonly position: number;
}

/**
 * Up to so many matches of each condition: those that ask for a single identifier, as nearly all do, together in one
 * statement, others one by one.
 */
export async function findMatchesOfEach(
  connection: Connection,
  requests: readonly SearchRequest[],
  limit: number,
  findAlone: (request: SearchRequest) => Promise<Match[]>,
): Promise<Match[][]> {
  const results: Match[][] = requests.map(() => []);
  const together: { position: number; key: bigint }[] = [];
  const alone: Wanted[] = [];
  for (const [position, request] of requests.entries()) {
    if (isLookUp(request.condition)) together.push(...request.condition.keys.map((key) => ({ position, key })));
    else alone.push({ request, position });
  }
  for (const { position, ...match } of await selectByKeys(connection, together, limit)) {
    const matches = results[position] ?? [];
    if (matches.length < limit && !matches.some(({ rid }) => rid === match.rid)) matches.push(match);
  }
  for (const { request, position } of alone) results[position] = await findAlone(request);
  return results;
}

/** Keys know the type of their resources, so that nothing else is to be looked at. */
const isLookUp = (condition: Condition): condition is TokenCondition =>
  condition.is === 'token' && condition.rare === true && condition.codes.length + condition.systems.length === 0;
