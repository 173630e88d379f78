import { all, type Condition } from '../../search/condition.ts';
import type { Definition } from '../definition.ts';
import type { Trigger } from '../topic.ts';
import { anchorsIn, anchorsOf } from './anchors.ts';
import type { ResourceChange } from './change.ts';
import { matches } from './match-condition.ts';

/** One reason for which a subscription is told of a change. */
interface Entry {
  readonly subscription: number;
  readonly trigger: Trigger;
  readonly condition: Condition;
  readonly end: number | undefined;
}

interface OfType {
  readonly anchored: Map<string, Entry[]>;
  readonly others: Entry[];
}

const everything: Condition = all([]);

/** Called when a criterion could not be decided; the subscription is told, since a needless event does no harm. */
export type OnUndecided = (subscription: number, error: Error) => void;

/** All subscriptions in force, arranged so that a change costs little however many there are. */
export class WatchList {
  readonly #byType = new Map<string, OfType>();

  add(subscription: number, definition: Definition): void {
    const { topic, watch, filters, end } = definition;
    for (const trigger of topic?.triggers ?? []) {
      this.#add(trigger.resource, {
        subscription,
        trigger,
        condition: filters.get(trigger.resource) ?? everything,
        end,
      });
    }
    if (watch) {
      // Plain R4: a resource that meets the criteria was created or updated.
      const trigger = plainTrigger(watch.type);
      this.#add(watch.type, { subscription, trigger, condition: watch.condition, end });
    }
  }

  watches(type: string): boolean {
    return this.#byType.has(type);
  }

  /** The subscriptions that are told of a change, each once. */
  find(change: ResourceChange, now: number, onUndecided: OnUndecided): Set<number> {
    const found = new Set<number>();
    const ofType = this.#byType.get(change.type);
    if (!ofType) return found;
    for (const entry of this.#candidates(ofType, change)) {
      if (found.has(entry.subscription) || (entry.end !== undefined && entry.end < now)) continue;
      if (isTold(entry, change, onUndecided)) found.add(entry.subscription);
    }
    return found;
  }

  *#candidates({ anchored, others }: OfType, change: ResourceChange): Generator<Entry> {
    yield* others;
    const { facts } = change;
    if (anchored.size === 0 || !facts) return;
    for (const anchor of anchorsIn(facts)) yield* anchored.get(anchor) ?? [];
  }

  #add(type: string, entry: Entry): void {
    let ofType = this.#byType.get(type);
    if (!ofType) {
      ofType = { anchored: new Map(), others: [] };
      this.#byType.set(type, ofType);
    }
    const anchors = anchorsOf(entry.condition);
    if (!anchors) ofType.others.push(entry);
    for (const anchor of anchors ?? []) {
      const entries = ofType.anchored.get(anchor);
      if (entries) entries.push(entry);
      else ofType.anchored.set(anchor, [entry]);
    }
  }
}

function isTold(
  { subscription, trigger, condition }: Entry,
  change: ResourceChange,
  onUndecided: OnUndecided,
): boolean {
  try {
    if (!change.passes(trigger)) return false;
    const { facts } = change;
    return facts === undefined || matches(condition, facts);
  } catch (error) {
    onUndecided(subscription, error as Error);
    return true;
  }
}

const plainTriggers = new Map<string, Trigger>();

function plainTrigger(resource: string): Trigger {
  let trigger = plainTriggers.get(resource);
  if (!trigger) {
    const kinds = new Set(['create', 'update'] as const);
    trigger = { resource, kinds, requireBoth: false, passesOnCreate: false, passesOnDelete: false };
    plainTriggers.set(resource, trigger);
  }
  return trigger;
}
