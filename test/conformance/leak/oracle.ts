import type { TestServer } from '#testing/fhir-server.ts';
import type { Ask, Asked } from './requests.ts';
import { print } from './requests.ts';

/** What one actor may be told, by nothing but direct reads as that actor and searches as the operator. */
export class Oracle {
  readonly #server: TestServer;
  readonly #actor: string;
  readonly #readable = new Map<string, boolean>();
  readonly #found: Map<string, string[]>;

  constructor(server: TestServer, actor: string, found: Map<string, string[]>) {
    this.#server = server;
    this.#actor = actor;
    this.#found = found;
  }

  async isReadable(name: string): Promise<boolean> {
    const known = this.#readable.get(name);
    if (known !== undefined) return known;
    const { status } = await this.#server.get(`/${name}`, { 'x-actor': this.#actor });
    this.#readable.set(name, status === 200);
    return status === 200;
  }

  async readable(names: readonly string[]): Promise<string[]> {
    const kept: string[] = [];
    for (const name of names) if (await this.isReadable(name)) kept.push(name);
    return kept;
  }

  /** Every match that may be seen, found by way of nothing but what may be seen. */
  async matches({ type, asks }: Pick<Asked, 'type' | 'asks'>): Promise<string[]> {
    let names = await this.readable(await this.#search(type, ''));
    for (const one of asks) {
      const found = new Set(await this.#matchesOf(one));
      names = names.filter((name) => found.has(name));
    }
    return names;
  }

  async #matchesOf(asked: Ask): Promise<string[]> {
    const { type } = asked;
    if (asked.is === 'own') return this.readable(await this.#search(type, queryOf(print(asked))));
    if (asked.is === 'list') {
      if (!(await this.isReadable(`List/${asked.id}`))) return [];
      return this.readable(await this.#search(type, `_list=${asked.id}`));
    }
    if (asked.is === 'chain') {
      const targets = await this.#matchesOf(asked.to);
      if (targets.length === 0) return [];
      return this.readable(await this.#search(type, queryOf([asked.code, targets.join(',')])));
    }
    const sources = (await this.#matchesOf(asked.from)).map((name) => name.slice(name.indexOf('/') + 1));
    if (sources.length === 0) return [];
    return this.readable(
      await this.#search(type, queryOf([`_has:${asked.from.type}:${asked.code}:_id`, sources.join(',')])),
    );
  }

  async #search(type: string, query: string): Promise<string[]> {
    const url = `/${type}?${query}${query === '' ? '' : '&'}_count=1000&_elements=id`;
    const known = this.#found.get(url);
    if (known) return known;
    const answer = await this.#server.get(url, { 'x-actor': 'operator' });
    if (answer.status !== 200 || answer.body.link.length > 1) throw new Error(`${url} answers ${answer.text}`);
    const names = (answer.body.entry ?? []).map(
      ({ resource }: { resource: { resourceType: string; id: string } }) => `${resource.resourceType}/${resource.id}`,
    );
    this.#found.set(url, names);
    return names;
  }
}

const queryOf = (parameter: [string, string]): string => `${new URLSearchParams([parameter])}`;
