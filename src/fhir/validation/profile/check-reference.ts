import { isJsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import { isOfType } from '../expression/member.ts';
import { referencedType } from '../reference-target.ts';
import { type Item, rootItem } from './items.ts';
import { coreTypeOf, type Profile } from './profiles.ts';
import type { TypeRule } from './rule.ts';
import { add, type ProfileWalk, type Resolved } from './walk.ts';

type Conforms = (profile: Profile, item: Item, walk: ProfileWalk) => boolean;

/** Whether what is referred to is of a type, meets a profile, and stands where the profile wants it. */
export function checkReference(types: readonly TypeRule[], item: Item, walk: ProfileWalk, conforms: Conforms): void {
  const reference = isJsonObject(item.value) ? item.value.reference : item.value;
  if (typeof reference !== 'string') return;
  const found = item.type === 'Reference' ? walk.find(reference, walk.root) : undefined;
  checkAggregation(types, found, walk);
  if (types.some(({ targets }) => targets.length === 0)) return;
  const targets = types.flatMap((type) => type.targets);
  const pointed =
    found?.resource.resourceType ?? (item.type === 'Reference' ? referencedType(reference, walk.root) : undefined);
  if (typeof pointed !== 'string' || !isResourceType(pointed)) return;
  const ofType = targets.filter((url) => {
    const type = coreTypeOf(url) ?? walk.profiles.find(url)?.type;
    return type === undefined || isOfType(pointed, type);
  });
  if (ofType.length === 0) {
    const names = [...new Set(targets.map((url) => coreTypeOf(url) ?? walk.profiles.find(url)?.type ?? url))];
    add(walk, 'value', `must refer to ${names.join(', ')}, not to a ${pointed}`);
  } else if (found) checkTargetProfiles(ofType, found, walk, conforms);
}

function checkTargetProfiles(urls: readonly string[], found: Resolved, walk: ProfileWalk, conforms: Conforms): void {
  if (urls.some((url) => coreTypeOf(url) !== undefined)) return;
  const profiles = urls.map((url) => walk.profiles.find(url));
  if (profiles.includes(undefined)) return;
  const target = rootItem(found.resource);
  const root = found.how === 'contained' ? walk.root : found.resource;
  const inside = { ...walk, resource: found.resource, root };
  if (profiles.some((profile) => profile && conforms(profile, target, inside))) return;
  add(walk, 'value', `refers to ${shownName(found)}, which meets none of ${urls.join(', ')}`);
}

const shownName = ({ resource }: Resolved): string => `${String(resource.resourceType)}/${String(resource.id ?? '')}`;

function checkAggregation(types: readonly TypeRule[], found: Resolved | undefined, walk: ProfileWalk): void {
  const modes = types.flatMap(({ aggregation }) => aggregation);
  if (modes.length === 0 || types.some(({ aggregation }) => aggregation.length === 0)) return;
  const how = found?.how ?? 'referenced';
  if (modes.includes(how) || (how === 'bundled' && modes.includes('referenced'))) return;
  add(walk, 'value', `must refer to a resource that is ${modes.join(' or ')}, and this one is ${how}`);
}
