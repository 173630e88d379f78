import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '#lib/json/index.ts';
import { codeSet } from '../code-sets.ts';
import { isInOrder } from '../expression/compare.ts';
import { invariantOf } from '../expression/invariants.ts';
import { shown } from '../primitive.ts';
import { type Item, isPrimitiveType } from './items.ts';
import { matchesFixed, matchesPattern } from './patterns.ts';
import type { BindingRule, Rule } from './rule.ts';
import { add, type ProfileWalk } from './walk.ts';

/** What a rule says of the value itself: fixed, pattern, limits, codes, constraints. */
export function checkValueRules(rule: Rule, item: Item, walk: ProfileWalk): void {
  const { value } = item;
  if (rule.fixed !== undefined && !matchesFixed(value, rule.fixed)) {
    add(walk, 'value', `must be ${described(rule.fixed)}, not ${shown(value)}`);
  }
  if (rule.pattern !== undefined && !matchesPattern(value, rule.pattern)) {
    add(walk, 'value', `must have ${described(rule.pattern)}`);
  }
  if (value !== undefined) checkLimits(rule, value, walk);
  if (isPrimitiveType(item.type) && value === undefined) checkAbsence(rule, item, walk);
  for (const binding of rule.bindings) checkBinding(binding, item, walk);
  for (const { key, severity, human, expression } of rule.constraints) {
    const holds = invariantOf(expression, item.type, String(walk.resource.resourceType));
    const outcome = holds(value ?? {}, walk);
    if (outcome === true) continue;
    if (outcome === false) add(walk, 'invariant', `breaks ${key}: ${human.trim().replace(/\.$/, '')}`, '', severity);
    else add(walk, 'not-supported', `cannot be checked against ${key}: ${outcome}`, '', 'warning');
  }
}

const described = (value: JsonValue): string => {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
};

function checkLimits(rule: Rule, value: JsonValue, walk: ProfileWalk): void {
  const { minValue, maxValue, minLength, maxLength } = rule;
  if (minValue !== undefined && isInOrder(value, '>=', minValue) === false) {
    add(walk, 'value', `must be at least ${described(minValue)}`);
  }
  if (maxValue !== undefined && isInOrder(value, '<=', maxValue) === false) {
    add(walk, 'value', `must be at most ${described(maxValue)}`);
  }
  if (typeof value !== 'string') return;
  if (maxLength !== undefined && value.length > maxLength) {
    add(walk, 'value', `must not be longer than ${maxLength} characters`);
  }
  if (minLength !== undefined && value.length < minLength) {
    add(walk, 'value', `must have at least ${minLength} characters`);
  }
}

function checkAbsence({ mustHaveValue, valueAlternatives }: Rule, { beside }: Item, walk: ProfileWalk): void {
  if (mustHaveValue) add(walk, 'required', 'must have a value, not only extensions');
  if (!valueAlternatives) return;
  const extensions = Array.isArray(beside?.extension) ? beside.extension.filter(isJsonObject) : [];
  if (extensions.some(({ url }) => valueAlternatives.includes(String(url)))) return;
  add(walk, 'required', `must have a value or one of the extensions ${valueAlternatives.join(', ')}`);
}

interface Code {
  system: string | undefined;
  code: string;
}

function checkBinding({ strength, valueSet }: BindingRule, { value, type }: Item, walk: ProfileWalk): void {
  if (value === undefined) return;
  const codes = codesIn(value, type);
  if (codes === undefined) return;
  const isRequired = strength === 'required';
  const severity = isRequired ? 'error' : 'warning';
  if (codes.length === 0) {
    if (isRequired) add(walk, 'code-invalid', `must have a code of ${valueSet}`);
    return;
  }
  const answers = codes.map((code) => isMember(code, valueSet, typeof value === 'string', walk));
  if (answers.includes(true)) return;
  const problem = `must ${isRequired ? '' : 'if possible '}have a code of ${valueSet}, not ${shown(codes[0]?.code)}`;
  const finding = { severity, code: 'code-invalid', path: '', problem } as const;
  walk.findings.push(answers.includes(undefined) ? { ...finding, question: { valueSet, codings: codes } } : finding);
}

function isMember({ system, code }: Code, valueSet: string, isPlain: boolean, walk: ProfileWalk): boolean | undefined {
  const known = codeSet(valueSet);
  if (known) return isPlain ? known.hasCode(code) : known.has(system, code);
  return walk.memberOf?.(isPlain ? code : { code, ...(system !== undefined && { system }) }, valueSet);
}

/** Undefined for what is no coded type. */
function codesIn(value: JsonValue, type: string): Code[] | undefined {
  if (typeof value === 'string') return [{ system: undefined, code: value }];
  if (!isJsonObject(value)) return undefined;
  if (type === 'CodeableConcept') {
    return Array.isArray(value.coding) ? value.coding.filter(isJsonObject).flatMap(codeOf) : [];
  }
  return type === 'Coding' || type === 'Quantity' || numberValue(value.value) !== undefined ? codeOf(value) : undefined;
}

const codeOf = ({ system, code }: JsonObject): Code[] =>
  typeof code === 'string' ? [{ system: typeof system === 'string' ? system : undefined, code }] : [];
