import { isJsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import { invariantOf } from '../expression/invariants.ts';
import { isOfType } from '../expression/member.ts';
import { checkProfile } from './check-rule.ts';
import type { Holder, Item } from './items.ts';
import type { Profile } from './profiles.ts';
import { add, type ProfileWalk } from './walk.ts';

/** Checks an extension against its definition, and that it stands where that allows. */
export function checkExtension(item: Item, holder: Holder, walk: ProfileWalk): void {
  if (!isJsonObject(item.value) || typeof item.value.url !== 'string') return;
  const { url } = item.value;
  const profile = walk.profiles.find(url);
  const isModifier = item.step.startsWith('.modifierExtension');
  if (profile?.type === 'Extension') {
    checkProfile(profile, item, walk);
    checkContext(profile, holder, walk);
    return;
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    if (holder.item?.type !== 'Extension') {
      add(walk, 'value', `needs an absolute url, as it stands in no other extension: "${url.slice(0, 100)}" is none`);
    }
  } else if (isModifier) {
    add(
      walk,
      'not-supported',
      `changes the meaning of what it stands in, and ${url} is not known here`,
      '',
      walk.unknownExtensions === 'error' ? 'error' : 'warning',
    );
  } else add(walk, 'not-supported', `is not known here: ${url}`, '', walk.unknownExtensions);
}

function checkContext({ url, definition }: Profile, holder: Holder, walk: ProfileWalk): void {
  const { item, definitionPath } = holder;
  const contexts = definition.context ?? [];
  if (item === undefined || contexts.length === 0) return;
  const isAllowed = contexts.some(({ type, expression }) => {
    if (type === 'extension') return isJsonObject(item.value) && item.value.url === expression;
    if (type === 'fhirpath') return true;
    return isElement(expression, item, definitionPath);
  });
  if (!isAllowed) {
    const places = contexts.map(({ expression }) => expression).join(', ');
    add(walk, 'structure', `must not stand in ${definitionPath}: ${url} is for ${places}`);
  }
  for (const expression of definition.contextInvariant ?? []) {
    const outcome = invariantOf(expression, item.type, String(walk.resource.resourceType))(item.value ?? {}, walk);
    if (outcome === false) add(walk, 'invariant', `must not stand here: ${url} asks for ${expression}`);
  }
}

/** `Patient.contact` by its path, `Address` by its type, `Element` and `Resource` by what they are the base of. */
function isElement(expression: string, { type }: Item, definitionPath: string): boolean {
  const plain = expression.replace(/^http:\/\/hl7\.org\/fhir\/StructureDefinition\//, '');
  if (plain === definitionPath || plain === type || plain === definitionPath.replace(/\[x\]$/, '')) return true;
  if (plain === 'Element') return !isResourceType(type);
  if (plain === 'BackboneElement') return type.includes('.');
  if (plain.includes('.')) {
    const [first = '', ...rest] = plain.split('.');
    return definitionPath.endsWith(`.${rest.join('.')}`) && isOfType(definitionPath.split('.')[0] ?? '', first);
  }
  return isOfType(type, plain);
}
