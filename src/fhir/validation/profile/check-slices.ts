import { isJsonObject } from '#lib/json/index.ts';
import { prefix } from '../finding.ts';
import { discriminates } from './discriminate.ts';
import type { Item } from './items.ts';
import type { Rule, SlicingRule } from './rule.ts';
import { add, type Checks, type ProfileWalk } from './walk.ts';

/** Extensions are told by their address, the types of a choice by the type, whether or not the profile says so. */
export function slicingOf({ name, slicing }: Rule): SlicingRule {
  if (slicing && slicing.discriminators.length > 0) return slicing;
  const rest = { rules: slicing?.rules ?? 'open', ordered: slicing?.ordered ?? false } as const;
  if (name === 'extension' || name === 'modifierExtension') {
    return { discriminators: [{ type: 'value', path: 'url' }], ...rest };
  }
  if (name.endsWith('[x]')) return { discriminators: [{ type: 'type', path: '$this' }], ...rest };
  return { discriminators: [], ...rest };
}

/** Puts each value into its slice, counts, and checks it by the slice's rules. */
export function checkSlices(rule: Rule, items: readonly Item[], walk: ProfileWalk, checks: Checks): void {
  const slicing = slicingOf(rule);
  const slices = [...rule.slices.values()];
  if (slicing.discriminators.length === 0) return;
  const counts = new Map<Rule, number>(slices.map((slice) => [slice, 0]));
  let latest = -1;
  for (const item of items) {
    const at = slices.findIndex((slice) => discriminates(slicing, slice, item, walk, checks));
    const slice = slices[at];
    checkPlace(slicing, at, latest, slices, item, walk, rule);
    latest = Math.max(latest, at < 0 ? (slicing.rules === 'openAtEnd' ? slices.length : latest) : at);
    if (!slice) continue;
    counts.set(slice, (counts.get(slice) ?? 0) + 1);
    const before = walk.findings.length;
    checks.checkRule(slice, item, walk);
    prefix(walk.findings, before, item.step);
  }
  for (const [slice, count] of counts) checkSliceCount(slice, count, walk);
}

function checkPlace(
  { rules, ordered }: SlicingRule,
  at: number,
  latest: number,
  slices: readonly Rule[],
  item: Item,
  walk: ProfileWalk,
  rule: Rule,
): void {
  if (at < 0 && (rules === 'closed' || isUnknownPart(rule, item))) {
    const names = slices.map(({ sliceName }) => sliceName).join(', ');
    add(walk, 'structure', `fits into none of the slices ${names}, and there may be no others`, item.step);
  }
  if (at >= 0 && ordered && at < latest) {
    add(walk, 'structure', `is the slice ${slices[at]?.sliceName} of ${rule.name}, which must come earlier`, item.step);
  }
  if (at >= 0 && rules === 'openAtEnd' && latest === slices.length) {
    add(walk, 'structure', `is the slice ${slices[at]?.sliceName}, after which all others must come`, item.step);
  }
}

/** The parts of a complex extension have short names, and mean nothing where its definition does not have them. */
const isUnknownPart = ({ name }: Rule, { value }: Item): boolean =>
  name === 'extension' && isJsonObject(value) && typeof value.url === 'string' && !value.url.includes(':');

function checkSliceCount(
  { name, sliceName, min = 0, max = Number.POSITIVE_INFINITY }: Rule,
  count: number,
  walk: ProfileWalk,
): void {
  const path = `.${name.replace('[x]', '')}`;
  if (count < min) {
    add(
      walk,
      'required',
      `must have the slice ${sliceName} at least ${min === 1 ? 'once' : `${min} times`}, and has it ${count} times`,
      path,
    );
  }
  if (count > max)
    add(walk, 'structure', `may have the slice ${sliceName} at most ${max} times, and has it ${count} times`, path);
}
