import type { JsonObject } from '#lib/json/index.ts';
import type { Member } from './members.ts';

/** Lays members below the first of their parents that is a member too. */
export function nest(members: readonly Member[], elements: readonly JsonObject[]): JsonObject[] {
  const places = new Map<string, number>();
  const keyOf = ({ codeSystem }: Member, number: number) => `${codeSystem?.url}|${codeSystem?.version} ${number}`;
  for (const [index, member] of members.entries()) {
    if (member.concept) places.set(keyOf(member, member.concept.number), index);
  }
  const parentOf = (member: Member): number | undefined => {
    const { concept } = member;
    if (!concept) return undefined;
    for (const above of [...concept.parents, ...concept.ancestors]) {
      const place = places.get(keyOf(member, above));
      if (place !== undefined) return place;
    }
    return undefined;
  };
  const parents = members.map(parentOf);
  const roots: JsonObject[] = [];
  const children = new Map<JsonObject, JsonObject[]>();
  for (const [index, element] of elements.entries()) {
    const parent = isInCircle(index, parents) ? undefined : parents[index];
    const above = parent === undefined ? undefined : elements[parent];
    const siblings = above ? (children.get(above) ?? []) : roots;
    siblings.push(element);
    if (above) children.set(above, siblings);
  }
  for (const [above, contains] of children) above.contains = contains;
  return roots;
}

/** Where parents form a circle, none of them would be reached from the top. */
function isInCircle(start: number, parents: readonly (number | undefined)[]): boolean {
  const seen = new Set<number>();
  for (let at = parents[start]; at !== undefined && !seen.has(at); at = parents[at]) {
    if (at === start) return true;
    seen.add(at);
  }
  return false;
}
