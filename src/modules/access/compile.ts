import type { AccessVerb } from '#fhir/access/index.ts';
import type { Condition } from '#fhir/search/index.ts';
import { both, either, isRestricted, unless } from './conditions.ts';
import { policy as everyRule, type Purpose, type Rule } from './policy/index.ts';
import type { Role } from './principal.ts';
import { type Asker, closed, related } from './relation.ts';

const byRole = new Map<Role, readonly Rule[]>();

function rulesOf(role: Role): readonly Rule[] {
  const known = byRole.get(role);
  if (known) return known;
  const rules = everyRule.filter(({ roles }) => roles.includes(role));
  byRole.set(role, rules);
  return rules;
}

/**
 * Which resources of a type a role may read or change for a purpose: all (undefined), none (`nothing`), or some. Roles find
 * what they may read; only scopes tell the two apart.
 */
export function compilePolicy(
  asker: Asker,
  role: Role,
  purpose: string,
  verb: AccessVerb,
  type: string,
): Condition | undefined {
  const rules = rulesOf(role).filter(
    (rule) =>
      rule.may.includes(verb === 'search' ? 'read' : verb) &&
      rule.of.includes(type) &&
      rule.for.includes(purpose as Purpose),
  );
  return either(rules.map((rule) => compileRule(asker, rule, type)));
}

/** The Patients to whom the role stands in a relation that opens some of their health record. */
export function compileWhoseRecord(asker: Asker, role: Role, purpose: string): Condition | undefined {
  const rules = rulesOf(role).filter(
    (rule) => rule.may.includes('read') && rule.of.includes('Condition') && rule.for.includes(purpose as Purpose),
  );
  return either(rules.map(({ when }) => related(asker, 'Patient', when)));
}

function compileRule(asker: Asker, rule: Rule, type: string): Condition | undefined {
  return both([
    related(asker, type, rule.when),
    rule.and && related(asker, type, rule.and),
    rule.sensitive && either([unless(isRestricted(type)), related(asker, type, rule.sensitive)]),
    rule.closed && either([unless(closed(asker, type)), related(asker, type, rule.closed)]),
  ]);
}

/** The same condition, with its grants asked for at this time (microseconds since 1970 UTC). */
export function atTime(condition: Condition, at: number): Condition {
  switch (condition.is) {
    case 'granted':
      return { ...condition, at };
    case 'all':
    case 'any':
      return withParts(condition, at);
    case 'not':
    case 'chain':
    case 'reverse':
    case 'of-type': {
      const inner = atTime(condition.condition, at);
      return inner === condition.condition ? condition : { ...condition, condition: inner };
    }
    default:
      return condition;
  }
}

function withParts(condition: Extract<Condition, { is: 'all' | 'any' }>, at: number): Condition {
  const conditions = condition.conditions.map((part) => atTime(part, at));
  const isSame = conditions.every((part, index) => part === condition.conditions[index]);
  return isSame ? condition : { ...condition, conditions };
}
