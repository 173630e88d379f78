import type { EventColumns } from '../queries.ts';

/** The events of one reading, counted for each subscription. */
export class EventList {
  readonly columns: EventColumns = { subscriptions: [], ordinals: [], written: [], rids: [], versions: [] };
  readonly #counts = new Map<number, number>();

  get count(): number {
    return this.columns.rids.length;
  }

  push(subscription: number, rid: number, version: number, written: Date): void {
    const ordinal = (this.#counts.get(subscription) ?? 0) + 1;
    this.#counts.set(subscription, ordinal);
    this.columns.subscriptions.push(subscription);
    this.columns.ordinals.push(ordinal);
    this.columns.written.push(written);
    this.columns.rids.push(rid);
    this.columns.versions.push(version);
  }
}
