import { resourceTypes } from '../definitions/index.ts';
import { type SearchParameterPlan, tokenKey } from '../indexing/index.ts';
import { parseLiteralReference } from '../store/reference.ts';
import { any, type Condition, type ReferenceTarget } from './condition.ts';
import { unescapeValue } from './escape.ts';
import type { SearchScope } from './scope.ts';

const id = /^[A-Za-z0-9\-.]{1,64}$/;

/** The types that a parameter's references on a branch may point to. */
export function targetTypes(plan: SearchParameterPlan, branch?: { targets?: readonly string[] }): readonly string[] {
  const targets = branch?.targets ?? plan.target;
  return !targets || targets.includes('Resource') ? resourceTypes : targets;
}

/**
 * `subject=Patient/1`, `subject=1`, `subject:Patient=1`, `subject=http://...`. What the index could not resolve when it was
 * written (other servers, canonicals, bare ids) stands there as text. https://hl7.org/fhir/R4/search.html#reference
 */
export function referenceCondition(
  scope: SearchScope,
  plans: readonly SearchParameterPlan[],
  values: readonly string[],
  type: string | undefined,
): Condition {
  const targets: ReferenceTarget[] = [];
  const texts = new Set<bigint>();
  for (const value of values.map(unescapeValue)) {
    const literal = parseLiteralReference(value, scope.baseUrl);
    for (const plan of plans) {
      for (const branch of plan.branches) {
        const { path } = branch;
        const allowed = targetTypes(plan, branch);
        if (literal) {
          if ((type ?? literal.type) === literal.type && (!branch.targets || allowed.includes(literal.type))) {
            targets.push({ path, ...literal });
            if (allowed.length === 1) texts.add(tokenKey(path, '', literal.id));
          }
        } else if (id.test(value)) {
          for (const target of type ? [type] : allowed) {
            if (allowed.includes(target)) targets.push({ path, type: target, id: value });
          }
          if (!type) texts.add(tokenKey(path, '', value));
        } else if (!type) {
          texts.add(tokenKey(path, '', value));
        }
      }
    }
  }
  const parts: Condition[] = [];
  if (targets.length > 0) parts.push({ is: 'reference', targets });
  if (texts.size > 0) {
    parts.push({ is: 'token', rare: true, keys: [...texts], paths: [], codes: [], systems: [] });
  }
  return any(parts);
}
