import { beforeAll } from '../concepts.ts';
import { terminologyFault } from '../fault.ts';
import type { PreparedValueSet } from '../validate/prepare.ts';
import { joinCanonical } from '../version.ts';
import { hasOtherExclusions } from './exclusion.ts';
import { type Member, memberOf, queryOf, type Wanted, walkMembers } from './members.ts';
import { requireCodeSystem } from './require-code-system.ts';

/** Beyond so many members the rest is not counted any more. */
const mostCounted = 100_000;

export interface Collected {
  members: Member[];
  /** Undefined where counting them would take too long. */
  total: number | undefined;
  isPaged: boolean;
}

/** The members of the page that is asked for, each once. */
export async function collectMembers(wanted: Wanted, valueSet: PreparedValueSet, limit: number): Promise<Collected> {
  const { settings } = wanted.scope;
  const [count, offset] = [settings.integer('count'), settings.integer('offset') ?? 0];
  if (count !== undefined && count > limit) throw tooCostly(valueSet, limit);
  const isPaged = offset > 0 || count !== undefined;
  const direct = await collectDirectly(wanted, valueSet, { offset, count, limit });
  if (direct) return direct;
  const last = count === undefined ? offset + limit : offset + count;
  const members: Member[] = [];
  const seen = new Set<string>();
  let place = 0;
  for await (const piece of walkMembers(wanted, valueSet)) {
    for (const member of piece) {
      const version = settings.isSet('versionsMatch') ? undefined : member.version;
      const key = `${joinCanonical(member.system, version)} ${member.code}`;
      if (seen.has(key)) continue;
      seen.add(key);
      place++;
      if (place <= offset) continue;
      if (place <= last) members.push(member);
      else if (count === undefined) throw tooCostly(valueSet, limit);
    }
    if (place >= last && place > mostCounted) return { members, total: undefined, isPaged };
  }
  const isWhole = offset === 0 && (count === undefined || count > place);
  return { members, total: place, isPaged: !isWhole };
}

/** Where one include says it all, the code system finds the page and counts faster than we can read. */
async function collectDirectly(
  wanted: Wanted,
  valueSet: PreparedValueSet,
  { offset, count, limit }: { offset: number; count: number | undefined; limit: number },
): Promise<Collected | undefined> {
  const [include, ...others] = valueSet.includes;
  if (!include || others.length > 0 || include.concepts || include.imports.length > 0) return undefined;
  if (include.system === undefined || wanted.scope.settings.excludedSystems.has(include.system)) return undefined;
  const codeSystem = await requireCodeSystem(wanted.scope, include.system, include.version);
  if (hasOtherExclusions(wanted.scope, valueSet, codeSystem)) return undefined;
  wanted.onCodeSystem(codeSystem);
  const query = await queryOf(wanted, valueSet, include, codeSystem);
  const total = await codeSystem.concepts.count(query);
  if (count === undefined && total > offset + limit) throw tooCostly(valueSet, limit);
  const page = { after: beforeAll, skip: offset, limit: count ?? limit };
  const concepts = count === 0 || offset >= total ? [] : await codeSystem.concepts.select(query, page);
  const toMember = memberOf(codeSystem, valueSet.found.resource);
  const isWhole = offset === 0 && (count === undefined || count > total);
  return { members: concepts.map((concept) => toMember(concept, undefined)), total, isPaged: !isWhole };
}

function tooCostly({ found }: PreparedValueSet, limit: number): Error {
  return terminologyFault({
    code: 'too-costly',
    messageId: 'VALUESET_TOO_COSTLY',
    text: `The value set ${joinCanonical(found.url, found.version)} has more than ${limit} members. Ask for a page of at most ${limit} by count and offset, or for part of it by filter.`,
  });
}
