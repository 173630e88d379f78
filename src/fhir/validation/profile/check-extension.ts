import { isJsonObject } from '#lib/json/index.ts';
import { compileExpression } from '../expression/compile.ts';
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
    if (type === 'fhirpath') return isAmong(expression, item, walk);
    return isElement(expression, holder);
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

/** Whether the holder is one of what an expression on the resource gives; one that is not understood lets it pass. */
function isAmong(expression: string, { value }: Item, walk: ProfileWalk): boolean {
  try {
    const found = compileExpression(expression, String(walk.resource.resourceType)).run([walk.resource], walk);
    return found.includes(value ?? null);
  } catch {
    return true;
  }
}

/** `Patient.contact` by its path, `Address` by its type, `Element` and `Resource` by what they are the base of. */
function isElement(expression: string, { item, definitionPath, typePath }: Holder): boolean {
  if (item === undefined) return true;
  const { type } = item;
  const plain = expression.replace(/^http:\/\/hl7\.org\/fhir\/StructureDefinition\//, '');
  const paths = [definitionPath, typePath].flatMap((path) => [path, path.replace(/\[x\]$/, '')]);
  if (plain === 'Element' || plain === type || paths.includes(plain)) return true;
  if (plain === 'BackboneElement') return type.includes('.');
  if (!plain.includes('.')) return isOfType(type, plain);
  const [first = '', ...rest] = plain.split('.');
  return definitionPath.endsWith(`.${rest.join('.')}`) && isOfType(definitionPath.split('.')[0] ?? '', first);
}
