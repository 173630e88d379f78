import { Failure } from '#lib/failure.ts';
import { anyPatient } from './compartment.ts';
import { type ExportRow, selectByRids } from './queries.ts';
import { memberContents, notedMembers, type Walk, type WalkDependencies, type WalkScope } from './walk.ts';

const rowsAtATime = '200';

type Parameters = readonly (readonly [string, string])[];

const parametersOf = (query: string): Parameters => [...new URLSearchParams(query)];

/**
 * What meets one of some searches, filter by filter; what an earlier one has found is not found again. A resource that
 * is changed meanwhile is judged by its newest version, and exported as it was.
 */
export function walkMatches(scope: WalkScope, type: string, filters: readonly string[]): Walk {
  const ranges = scope.members === 'any-patient' ? anyPatient(type) : undefined;
  return async ([index = 0, cursor] = [0]) => {
    const filter = filters[Number(index)];
    if (filter === undefined) return { contents: [], next: undefined };
    const parameters: Parameters = [
      ...parametersOf(filter),
      ['_count', rowsAtATime],
      ['_total', 'none'],
      ...(cursor === undefined ? [] : [['_cursor', String(cursor)] as const]),
    ];
    const { matches, next } = await scope.search.search({
      type,
      parameters,
      handling: 'strict',
      restriction: undefined,
    });
    const before = await foundBefore(
      scope,
      type,
      filters.slice(0, Number(index)),
      matches.map(({ id }) => id),
    );
    const rids = matches.filter(({ id }) => !before.has(id)).map(({ rid }) => rid);
    const rows =
      rids.length > 0 ? await selectByRids(scope.pool, scope.instants, ranges, rids, Number.MAX_SAFE_INTEGER) : [];
    const contents = await membersAmong(scope, type, rows);
    return { contents, next: next === undefined ? [Number(index) + 1] : [Number(index), next] };
  };
}

async function membersAmong(scope: WalkScope, type: string, rows: readonly ExportRow[]): Promise<string[]> {
  if (scope.members !== 'noted') return memberContents(scope, type, rows);
  const contents = rows.flatMap(({ content }) => content ?? []);
  const areMembers = await notedMembers(scope, type, contents);
  return contents.filter((_, index) => areMembers[index]);
}

async function foundBefore(
  { search, restriction }: WalkScope,
  type: string,
  filters: readonly string[],
  ids: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  if (ids.length === 0) return found;
  for (const filter of filters) {
    const parameters: Parameters = [...parametersOf(filter), ['_id', ids.join(',')], ['_count', rowsAtATime]];
    const { matches } = await search.search({ type, parameters, handling: 'strict', restriction });
    for (const { id } of matches) found.add(id);
  }
  return found;
}

/** Parameters that say how a search is answered, not what it finds. */
const aboutAnswers = /^_(?:count|total|sort|include|revinclude|summary|elements|contained|containedType|cursor)(?::|$)/;

/** Fails unless a search can be made. */
export async function checkFilter(
  { pool, search }: Pick<WalkDependencies, 'pool' | 'search'>,
  type: string,
  query: string,
): Promise<void> {
  const parameters = parametersOf(query);
  const odd = parameters.find(([name]) => aboutAnswers.test(name));
  if (odd)
    throw new Failure('value', `_typeFilter cannot have ${odd[0]}: it says which resources are exported, no more.`);
  if (parameters.length === 0) throw new Failure('value', `_typeFilter=${type}? needs a search parameter.`);
  await search.findMatches(pool, { type, query, restriction: undefined });
}
