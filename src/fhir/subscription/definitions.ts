import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { selectVersions } from '../changes/index.ts';
import type { Definition, DefinitionDependencies } from './definition.ts';
import type { SubscriptionRow } from './queries.ts';
import { readDefinition } from './register.ts';

const mostDefinitions = 10_000;

/** Remembers what versions of Subscriptions mean. */
export class Definitions {
  readonly #pool: Pool;
  readonly #deps: DefinitionDependencies;
  readonly #known = new Map<string, Definition | undefined>();

  constructor(pool: Pool, deps: DefinitionDependencies) {
    this.#pool = pool;
    this.#deps = deps;
  }

  /** The definition in force; undefined when it cannot be carried out, or was expunged. */
  async of({ rid, version }: Pick<SubscriptionRow, 'rid' | 'version'>): Promise<Definition | undefined> {
    const name = `${rid} ${version}`;
    if (this.#known.has(name)) return this.#known.get(name);
    const [row] = await selectVersions(this.#pool, [rid], [version]);
    const resource = row?.content ? (JSON.parse(row.content) as JsonObject) : undefined;
    const definition = resource && (await readDefinition(resource, this.#deps)).definition;
    if (this.#known.size >= mostDefinitions) this.#known.clear();
    this.#known.set(name, definition);
    return definition;
  }
}
