import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import { type Connection, nameOf } from '../store/index.ts';
import { uuidOfUrn } from './identity.ts';
import { isCondition } from './links.ts';
import { type AliasRow, selectAliases, selectDeferredNames, selectTypesOfIds } from './queries.ts';

/** Finds the resources that meet a search, of which two at most are of interest. */
export type FindMatches = (connection: Connection, type: string, query: string) => Promise<readonly { id: string }[]>;

/** What a reference stands for, or why it can never stand for anything. */
export type Answer = { name: string } | { reason: string };

/** Answers by the key of the link; what is not there was not found (yet). */
export type Answers = Map<string, Answer>;

const cacheLimit = 100_000;

/** Finds what references point to, outside of their own batch: among what was imported and what the store has. */
export class ReferenceFinder {
  readonly #pool: Pool;
  readonly #findMatches: FindMatches;
  /** Conditions that were met once. */
  readonly #conditions = new Map<string, Answer>();

  constructor(pool: Pool, findMatches: FindMatches) {
    this.#pool = pool;
    this.#findMatches = findMatches;
  }

  /** Adds to `answers` what is found for these keys; `withDeferred`: also what is still to be written. */
  async find(keys: Iterable<string>, answers: Answers, withDeferred = false): Promise<void> {
    const urls: string[] = [];
    for (const key of keys) {
      if (isCondition(key)) await this.#answerCondition(key, answers);
      else urls.push(key);
    }
    if (urls.length > 0) await this.#answerUrls(urls, answers, withDeferred);
  }

  /** The condition (`Practitioner?identifier=...`) is met by this resource, in this import at least. */
  remember(condition: string, answer: Answer): void {
    if (this.#conditions.size >= cacheLimit) this.#conditions.clear();
    this.#conditions.set(condition, answer);
  }

  async #answerCondition(condition: string, answers: Answers): Promise<void> {
    const answer = this.#conditions.get(condition) ?? (await this.#findCondition(condition));
    if (!answer) return;
    answers.set(condition, answer);
    this.remember(condition, answer);
  }

  async #findCondition(condition: string): Promise<Answer | undefined> {
    const at = condition.indexOf('?');
    const type = condition.slice(0, at);
    if (condition.length === at + 1) return { reason: `The reference ${condition} has no condition.` };
    try {
      const [match, another] = await this.#findMatches(this.#pool, type, condition.slice(at + 1));
      if (another) return { reason: `More than one resource meets the conditional reference ${condition}.` };
      return match && { name: nameOf(type, match.id) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { reason: `${condition} cannot be searched for: ${error.message}` };
    }
  }

  async #answerUrls(keys: string[], answers: Answers, withDeferred: boolean): Promise<void> {
    const answer = ({ key, type, id }: AliasRow) => answers.set(key, { name: nameOf(type, id) });
    for (const alias of await selectAliases(this.#pool, keys)) answer(alias);
    const uuids = keys.flatMap((key) => (answers.has(key) ? [] : (uuidOfUrn(key) ?? [])));
    if (uuids.length > 0) await this.#answerUuids(uuids, answers);
    const left = withDeferred ? keys.filter((key) => !answers.has(key)) : [];
    if (left.length > 0) for (const row of await selectDeferredNames(this.#pool, left)) answer(row);
  }

  async #answerUuids(uuids: string[], answers: Answers): Promise<void> {
    for (const { id, type } of await selectTypesOfIds(this.#pool, uuids)) {
      const key = `urn:uuid:${id}`;
      const answer = { name: nameOf(resourceTypeOfNumber(type) ?? '', id) };
      answers.set(key, answers.has(key) ? { reason: `${key} may mean resources of several types.` } : answer);
    }
  }
}
