import type { JsonObject } from '#lib/json/index.ts';
import type { ChangeKind, Trigger } from '../topic.ts';
import { matches } from './match-condition.ts';
import { type Index, ResourceFacts } from './resource-facts.ts';

/** A version as it stands in the record; `content` is undefined for a deletion. */
export interface Version {
  readonly content: string | undefined;
  /** Microseconds since 1970 UTC. */
  readonly updated: number;
}

class Side {
  readonly resource: JsonObject;
  readonly #updated: number;
  readonly #index: Index | undefined;
  #facts: ResourceFacts | undefined;

  constructor({ content = '', updated }: Version, index: Index | undefined) {
    this.resource = JSON.parse(content) as JsonObject;
    this.#updated = updated;
    this.#index = index;
  }

  get facts(): ResourceFacts {
    this.#facts ??= ResourceFacts.of(this.resource, this.#updated, this.#index);
    return this.#facts;
  }
}

/** One change of one resource, with what it was before; both are read and indexed only when somebody asks. */
export class ResourceChange {
  readonly type: string;
  readonly kind: ChangeKind;
  readonly #index: Index | undefined;
  readonly #before: Version | undefined;
  readonly #after: Version;
  #previous: Side | undefined;
  #current: Side | undefined;
  readonly #passed = new Map<Trigger, boolean>();

  /** `index` also knows the search parameters that came at run time. */
  constructor(type: string, before: Version | undefined, after: Version, index?: Index) {
    this.type = type;
    this.#index = index;
    this.#before = before;
    this.#after = after;
    const existed = before?.content !== undefined;
    this.kind = after.content === undefined ? 'delete' : existed ? 'update' : 'create';
  }

  get previous(): Side | undefined {
    if (this.#before?.content === undefined) return undefined;
    this.#previous ??= new Side(this.#before, this.#index);
    return this.#previous;
  }

  get current(): Side | undefined {
    if (this.#after.content === undefined) return undefined;
    this.#current ??= new Side(this.#after, this.#index);
    return this.#current;
  }

  /** What filters look at: the resource as it is, or as it was when it was deleted. */
  get facts(): ResourceFacts | undefined {
    return (this.current ?? this.previous)?.facts;
  }

  passes(trigger: Trigger): boolean {
    const known = this.#passed.get(trigger);
    if (known !== undefined) return known;
    const passes = this.#test(trigger);
    this.#passed.set(trigger, passes);
    return passes;
  }

  #test(trigger: Trigger): boolean {
    if (trigger.resource !== this.type || !trigger.kinds.has(this.kind)) return false;
    if (!this.#meetsQuery(trigger)) return false;
    const resource = (this.current ?? this.previous)?.resource;
    if (!trigger.expression || !resource) return true;
    return trigger.expression(resource, this.previous?.resource, this.current?.resource);
  }

  #meetsQuery({ previous, current, requireBoth, passesOnCreate, passesOnDelete }: Trigger): boolean {
    const results: boolean[] = [];
    if (previous) results.push(this.previous ? matches(previous, this.previous.facts) : passesOnCreate);
    if (current) results.push(this.current ? matches(current, this.current.facts) : passesOnDelete);
    if (results.length === 0) return true;
    return requireBoth ? results.every(Boolean) : results.some(Boolean);
  }
}
