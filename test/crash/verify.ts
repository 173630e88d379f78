import type pg from 'pg';
import { resourceTypeOfNumber } from '#fhir/definitions/index.ts';
import { method } from '#fhir/store/index.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import type { Ledger, Request } from './ledger.ts';
import { selectVersions, type Version } from './queries.ts';

/** What the database holds, by the keys under which the clients know it. */
interface Held {
  versions: Version[];
  byPlace: Map<string, Version>;
  placesOfToken: Map<string, string[]>;
}

const placeOf = (type: string, id: string, version: number): string => `${type}/${id}/_history/${version}`;
const tokenIn = /"system":"urn:token","value":"(t\d+)"/;
const keyIn = /"system":"urn:key","value":"(k\d+)"/;

/** Every way in which the database differs from what the clients were told; empty when nothing is wrong. */
export async function findFaults(pool: pg.Pool, { requests }: Ledger): Promise<string[]> {
  const held = holdVersions(await selectVersions(pool));
  return [
    ...requests.flatMap((request) => lostWrites(request, held)),
    ...requests.flatMap((request) => halfWritten(request, held)),
    ...requests.flatMap(({ status, text }) => (status === 500 ? [`answered with 500: ${text}`] : [])),
    ...requests.flatMap(ignoredCondition),
    ...gaps(held.versions),
    ...twiceCreated(held.versions),
    ...(await compareWithFreshIndex(pool)),
  ];
}

function holdVersions(versions: Version[]): Held {
  const held: Held = { versions, byPlace: new Map(), placesOfToken: new Map() };
  for (const version of versions) {
    const place = placeOf(resourceTypeOfNumber(version.type) ?? '', version.id, version.version);
    held.byPlace.set(place, version);
    const token = tokenIn.exec(version.content ?? '')?.[1];
    if (token === undefined) continue;
    held.placesOfToken.set(token, [...(held.placesOfToken.get(token) ?? []), place]);
  }
  return held;
}

/** What was acknowledged stands at the place that was told, as it was sent. */
function lostWrites({ kind, acknowledged }: Request, { byPlace }: Held): string[] {
  return acknowledged.flatMap(({ type, id, version, token, method: verb }) => {
    const place = placeOf(type, id, version);
    const row = byPlace.get(place);
    if (!row) return [`${kind}: ${place} was acknowledged and is not there`];
    if (verb === 'DELETE') return row.method === method.delete ? [] : [`${kind}: ${place} is not a deletion`];
    if (token === undefined) return [];
    return tokenIn.exec(row.content ?? '')?.[1] === token ? [] : [`${kind}: ${place} holds another's write`];
  });
}

/** Of a request all is there or nothing; nothing of a refused one; and nothing twice. */
function halfWritten({ kind, tokens, outcome, acknowledged, status }: Request, { placesOfToken }: Held): string[] {
  const written = tokens.filter((token) => placesOfToken.has(token));
  const twice = tokens.filter((token) => (placesOfToken.get(token)?.length ?? 0) > 1);
  const faults = twice.map((token) => `${kind}: ${token} was written as ${placesOfToken.get(token)?.join(' and ')}`);
  if (outcome === 'refused' && written.length > 0) faults.push(`${kind}: refused with ${status}, yet written`);
  if (outcome !== 'unknown' || kind !== 'transaction') return faults;
  // The conditional create of a transaction may have found its resource, so that its token was not needed.
  const needed = tokens.length - 1;
  if (acknowledged.length === 0 && written.length > 0 && written.length < needed) {
    faults.push(`${kind}: ${written.length} of ${tokens.length} entries are there`);
  }
  return faults;
}

/** A write under If-Match makes the next version, or none. */
function ignoredCondition({ kind, expected, acknowledged }: Request): string[] {
  if (!expected) return [];
  return acknowledged
    .filter(({ version }) => version !== expected.version + 1)
    .map(({ version }) => `${kind}: version ${version} was written on top of version ${expected.version}`);
}

function gaps(versions: Version[]): string[] {
  return versions.flatMap((row, index) => {
    const before = versions[index - 1];
    const previous = before?.rid === row.rid ? before : undefined;
    const name = `${resourceTypeOfNumber(row.type)}/${row.id}`;
    if (row.version !== (previous?.version ?? 0) + 1) return [`${name}: version ${row.version} follows a gap`];
    if (previous && previous.updated >= row.updated) return [`${name}: version ${row.version} is not later`];
    return [];
  });
}

/** A conditional create or update under the same condition makes one resource in all. */
function twiceCreated(versions: Version[]): string[] {
  const idsOfKey = new Map<string, Set<string>>();
  for (const { content, id } of versions) {
    const key = keyIn.exec(content ?? '')?.[1];
    if (key === undefined) continue;
    idsOfKey.set(key, (idsOfKey.get(key) ?? new Set()).add(id));
  }
  return [...idsOfKey].filter(([, ids]) => ids.size > 1).map(([key, ids]) => `${key} was created ${ids.size} times`);
}
