import type { ReceiptLine } from './consent.resource.ts';

/** One reason of a party, with the times of the day at which it held. */
export interface ReceiptReason {
  why: ReceiptLine['why'];
  category: string | undefined;
  spans: { from: string; until: string }[];
}

/** Lines of one party together, in the order in which they come. */
export function byParty(lines: readonly ReceiptLine[]): ReceiptLine[][] {
  const parties = new Map<string, ReceiptLine[]>();
  for (const line of lines) {
    const own = parties.get(line.party.reference);
    if (own) own.push(line);
    else parties.set(line.party.reference, [line]);
  }
  return [...parties.values()];
}

/** The same reason from several sources is told once; times that touch or overlap are one. */
export function reasonsOf(lines: readonly ReceiptLine[]): ReceiptReason[] {
  const reasons = new Map<string, ReceiptReason>();
  const ordered = [...lines].sort((one, other) => (one.from ?? '').localeCompare(other.from ?? ''));
  for (const { why, category, from = '', until = '' } of ordered) {
    const key = `${why} ${category ?? ''}`;
    const reason = reasons.get(key) ?? { why, category, spans: [] };
    reasons.set(key, reason);
    const last = reason.spans.at(-1);
    if (!last || from > last.until) reason.spans.push({ from, until });
    else if (until > last.until) last.until = until;
  }
  return [...reasons.values()];
}
