import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import { codeSet } from '../code-sets.ts';
import { isOfType } from '../expression/member.ts';
import { referencedType } from '../reference-target.ts';
import { type Item, itemsOf, rootItem } from './items.ts';
import { matchesFixed, matchesPattern } from './patterns.ts';
import { coreTypeOf, type Profile } from './profiles.ts';
import type { Rule, SlicingRule, TypeRule } from './rule.ts';
import type { Discriminator } from './structure-definition.ts';
import type { Checks, ProfileWalk } from './walk.ts';

/** Whether the discriminators say that a value belongs to a slice; those of which the slice says nothing do not count. https://hl7.org/fhir/R4/profiling.html#discriminator */
export function discriminates(
  slicing: SlicingRule,
  slice: Rule,
  item: Item,
  walk: ProfileWalk,
  checks: Checks,
): boolean {
  const verdicts = slicing.discriminators.map((discriminator) => {
    const steps = stepsOf(discriminator.path);
    const rules = rulesAt([slice], steps, walk);
    const items = itemsAt([item], steps, walk);
    return fits(discriminator, rules, items, walk, checks);
  });
  return verdicts.includes(true) && !verdicts.includes(false);
}

/** `$this.resolve()`, `code.coding`, `extension('url').value`. */
const stepsOf = (path: string): string[] =>
  [...path.matchAll(/\$this|[A-Za-z][\w[\]]*(?:\((?:'[^']*'|[\w.]*)\))?/g)]
    .map(([step]) => step)
    .filter((step) => step !== '$this');

function fits(
  { type }: Discriminator,
  rules: readonly Rule[],
  items: readonly Item[],
  walk: ProfileWalk,
  checks: Checks,
): boolean | undefined {
  if (type === 'exists') {
    const mustBeThere = rules.some(({ min = 0 }) => min > 0);
    const mustNotBe = rules.some(({ max }) => max === 0);
    return mustBeThere ? items.length > 0 : mustNotBe ? items.length === 0 : undefined;
  }
  if (type === 'type') {
    const wanted = rules.flatMap((rule) => typesOf(rule, walk));
    return wanted.length === 0 ? undefined : items.some((item) => wanted.some((code) => isType(item, code)));
  }
  if (type === 'profile') {
    const urls = rules.flatMap(({ types }) => (types ?? []).flatMap(({ profiles }) => profiles));
    return urls.length === 0 ? undefined : items.some((item) => urls.some((url) => meets(url, item, walk, checks)));
  }
  const telling = rules.filter(tells);
  if (telling.length === 0) return undefined;
  return items.some((item) => telling.every((rule) => satisfies(rule, item, walk)));
}

function meets(url: string, item: Item, walk: ProfileWalk, checks: Checks): boolean {
  const type = coreTypeOf(url);
  if (type !== undefined) return isOfType(item.type, type);
  const profile = walk.profiles.find(url);
  return profile !== undefined && checks.conforms(profile, item, walk);
}

const isType = (item: Item, code: string): boolean =>
  isOfType(item.type, code) || (item.type.includes('.') && (code === 'BackboneElement' || code === 'Element'));

function typesOf(rule: Rule, walk: ProfileWalk): string[] {
  const fromSlice = rule.types === undefined && rule.sliceName !== undefined ? typeInName(rule) : undefined;
  if (fromSlice) return [fromSlice];
  return (rule.types ?? []).flatMap(({ code, profiles }) => {
    const types = profiles.flatMap((url) => coreTypeOf(url) ?? walk.profiles.find(url)?.type ?? []);
    return code === 'Resource' && types.length > 0 ? types : [code];
  });
}

/** `valueQuantity` as a slice of `value[x]`. */
function typeInName({ name, sliceName = '' }: Rule): string | undefined {
  const start = name.replace('[x]', '');
  if (!name.endsWith('[x]') || !sliceName.startsWith(start)) return undefined;
  const type = sliceName.slice(start.length);
  return /^(?:Boolean|Integer|String|Decimal|Date|DateTime|Time|Instant|Uri|Url|Canonical|Code|Id|Oid|Uuid|Markdown|Base64Binary|PositiveInt|UnsignedInt)$/.test(
    type,
  )
    ? type.charAt(0).toLowerCase() + type.slice(1)
    : type;
}

function profilesOf(rule: Rule, walk: ProfileWalk): Profile[] {
  return (rule.types ?? []).flatMap(({ profiles }) => profiles.flatMap((url) => walk.profiles.find(url) ?? []));
}

/** Whether a rule, or one below it, says which value it wants. */
function tells(rule: Rule): boolean {
  return (
    rule.fixed !== undefined ||
    rule.pattern !== undefined ||
    rule.bindings.some(({ strength }) => strength === 'required') ||
    rule.max === 0 ||
    (rule.min ?? 0) > 0 ||
    [...rule.children.values()].some(tells) ||
    [...rule.slices.values()].some(tells)
  );
}

function satisfies(rule: Rule, item: Item, walk: ProfileWalk): boolean {
  if (rule.fixed !== undefined && !matchesFixed(item.value, rule.fixed)) return false;
  if (rule.pattern !== undefined && !matchesPattern(item.value, rule.pattern)) return false;
  if (!rule.bindings.every(({ strength, valueSet }) => strength !== 'required' || isBound(item, valueSet, walk)))
    return false;
  for (const child of rule.children.values()) {
    const items = itemsOf(item, child.name);
    if (items.length < (child.min ?? 0) || items.length > (child.max ?? Number.POSITIVE_INFINITY)) return false;
    const isTelling = child.fixed !== undefined || child.pattern !== undefined || child.children.size > 0;
    if (isTelling && items.length > 0 && !items.every((part) => satisfies(child, part, walk))) return false;
    for (const slice of child.slices.values()) {
      if ((slice.min ?? 0) > 0 && !items.some((part) => satisfies(slice, part, walk))) return false;
    }
  }
  return true;
}

function isBound({ value }: Item, valueSet: string, walk: ProfileWalk): boolean {
  if (value === undefined) return false;
  const codings = isJsonObject(value) && Array.isArray(value.coding) ? value.coding : [value];
  return codings.some((coding) => {
    const known = codeSet(valueSet);
    if (!known) return walk.memberOf?.(coding, valueSet) ?? false;
    if (typeof coding === 'string') return known.hasCode(coding);
    if (!isJsonObject(coding) || typeof coding.code !== 'string') return false;
    return known.has(typeof coding.system === 'string' ? coding.system : undefined, coding.code);
  });
}

/** The rules at the end of a path below others, also those of profiles on the way. */
function rulesAt(rules: readonly Rule[], steps: readonly string[], walk: ProfileWalk): Rule[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [...rules];
  const below = rules.flatMap((rule) => {
    if (step === 'resolve()') return targetRules(rule.types ?? [], walk);
    const through = [rule, ...profilesOf(rule, walk).map((profile) => profile.rules)];
    return through.flatMap((candidate) => childRules(candidate, step));
  });
  return rulesAt(below, rest, walk);
}

function childRules(rule: Rule, step: string): Rule[] {
  const url = /^extension\('(.*)'\)$/.exec(step)?.[1];
  if (url !== undefined) {
    const slices = [...(rule.children.get('extension')?.slices.values() ?? [])];
    return slices.filter(({ types }) => types?.some(({ profiles }) => profiles.includes(url)));
  }
  if (step.startsWith('ofType(')) return [rule];
  const found = [...rule.children.values()].filter(
    ({ name }) =>
      name === step || name === `${step}[x]` || (name.startsWith(step) && /^[A-Z]/.test(name.slice(step.length))),
  );
  return found.flatMap((child) => [child, ...child.slices.values()]);
}

/** What a profile of a referenced resource says, or else that it is of a type. */
function targetRules(types: readonly TypeRule[], walk: ProfileWalk): Rule[] {
  return types.flatMap(({ targets }) =>
    targets.flatMap((url) => {
      const profile = walk.profiles.find(url);
      const type = coreTypeOf(url) ?? profile?.type;
      if (type === undefined) return [];
      const rule = profile?.rules;
      const typeRule = { code: type, profiles: profile ? [url] : [], targets: [], aggregation: [] };
      return [{ ...(rule ?? emptyRule), types: [typeRule] } as Rule];
    }),
  );
}

const emptyRule: Partial<Rule> = { bindings: [], constraints: [], slices: new Map(), children: new Map() };

function itemsAt(items: readonly Item[], steps: readonly string[], walk: ProfileWalk): Item[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [...items];
  return itemsAt(
    items.flatMap((item) => stepFrom(item, step, walk)),
    rest,
    walk,
  );
}

function stepFrom(item: Item, step: string, walk: ProfileWalk): Item[] {
  if (step === 'resolve()') return resolved(item, walk);
  const type = /^ofType\((.*)\)$/.exec(step)?.[1];
  if (type !== undefined) return isOfType(item.type, type) ? [item] : [];
  const url = /^extension\('(.*)'\)$/.exec(step)?.[1];
  if (url !== undefined) {
    return itemsOf(item, 'extension').filter(({ value }) => isJsonObject(value) && value.url === url);
  }
  const direct = itemsOf(item, step);
  return direct.length > 0 ? direct : itemsOf(item, `${step}[x]`);
}

/** A resource that cannot be seen still has a type, if the reference names it. */
function resolved({ value }: Item, walk: ProfileWalk): Item[] {
  const reference = isJsonObject(value) ? value.reference : value;
  if (typeof reference !== 'string') return [];
  const found = walk.find(reference, walk.root)?.resource;
  if (found) return [rootItem(found)];
  const type = referencedType(reference, walk.root);
  return type !== undefined && isResourceType(type) ? [rootItem({ resourceType: type } as JsonObject)] : [];
}
