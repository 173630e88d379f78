import type { Issue } from '#lib/failure.ts';
import { type Connection, type SizedResource, selectReferred, selectReferring } from './queries.ts';
import type { Placed } from './readable.ts';
import type { FoundResource, Include } from './request.ts';
import { keyRange, mostBytes, pathBase } from './sql-builder.ts';

const mostRounds = 10;
const mostIncluded = 10_000;

/** What the matches' includes bring, each resource once, and what had to be cut. */
export async function findIncluded(
  connection: Connection,
  matches: readonly FoundResource[],
  includes: readonly Include[],
  readable: Readable,
): Promise<{ included: FoundResource[]; issues: Issue[] }> {
  const walk = new IncludeWalk(connection, matches, readable);
  await walk.run(includes);
  return { included: walk.included, issues: walk.issues };
}

/** Which of these whoever asks may see. */
type Readable = (found: readonly Placed[]) => Promise<ReadonlySet<number>>;

class IncludeWalk {
  readonly included: FoundResource[] = [];
  readonly issues: Issue[] = [];
  readonly #connection: Connection;
  readonly #readable: Readable;
  readonly #matches: readonly FoundResource[];
  readonly #seen: Set<number>;
  /** Room for the contents of what is still included, in bytes or a little more. */
  #bytes = mostBytes;

  constructor(connection: Connection, matches: readonly FoundResource[], readable: Readable) {
    this.#readable = readable;
    this.#connection = connection;
    this.#matches = matches;
    this.#seen = new Set(matches.map(({ rid }) => rid));
  }

  async run(includes: readonly Include[]): Promise<void> {
    let found = await this.#round(includes, this.#matches);
    const iterated = includes.filter(({ iterate }) => iterate);
    for (let round = 2; found.length > 0 && iterated.length > 0; round++) {
      if (round > mostRounds) {
        this.#warn(`The includes were followed ${mostRounds} times; what lies beyond is missing.`);
        return;
      }
      found = await this.#round(iterated, found);
    }
  }

  async #round(includes: readonly Include[], sources: readonly FoundResource[]): Promise<FoundResource[]> {
    const found: FoundResource[] = [];
    for (const include of includes) {
      const room = mostIncluded - this.included.length;
      const rows = await this.#follow(include, sources, room + 1);
      const readable = await this.#readable(rows);
      for (const resource of rows) {
        if (this.#seen.has(resource.rid) || !readable.has(resource.rid)) continue;
        const { content } = resource;
        if (this.included.length === mostIncluded || content === null) {
          const most = content === null ? `${mostBytes / 1024 ** 2} MB` : `${mostIncluded} resources`;
          this.#warn(`There is more to include than ${most}; ${include.text} is not complete.`);
          return [];
        }
        const whole = { ...resource, content };
        this.#seen.add(resource.rid);
        this.#bytes -= content.length;
        this.included.push(whole);
        found.push(whole);
      }
    }
    return found;
  }

  async #follow(
    { direction, sourceType, targetType, paths }: Include,
    sources: readonly FoundResource[],
    limit: number,
  ): Promise<SizedResource[]> {
    const holders = direction === 'forward' ? sourceType : targetType;
    const rids = sources.filter(({ type }) => holders === undefined || type === holders).map(({ rid }) => rid);
    if (rids.length === 0 || paths?.length === 0) return [];
    const bytes = Math.max(this.#bytes, 0);
    if (direction === 'reverse') {
      const firsts = (paths ?? []).map(pathBase);
      return selectReferring(this.#connection, { rids, firsts, lasts: [], limit: limit + this.#seen.size, bytes });
    }
    const ranges = paths?.map((path) => keyRange(path, targetType)) ?? [everything];
    const firsts = ranges.map(({ first }) => first);
    const lasts = ranges.map(({ last }) => last);
    return selectReferred(this.#connection, { rids, firsts, lasts, limit: limit + this.#seen.size, bytes });
  }

  #warn(diagnostics: string): void {
    this.issues.push({ severity: 'warning', code: 'too-costly', diagnostics });
  }
}

const everything = { first: 0n, last: 2n ** 63n - 1n };
