import { isResourceType } from '../definitions/index.ts';
import type { SearchParameterPlan } from '../indexing/index.ts';
import { parseLiteralReference } from '../store/reference.ts';
import type { Condition, ReferenceTarget } from './condition.ts';
import { unescapeValue } from './escape.ts';
import { targetTypes } from './reference-criterion.ts';
import { NotSupported, type ParameterRegistry, requireExpansions, type SearchScope } from './scope.ts';

/** The parameters by which a resource says that it is a part of another one of its type. */
const parentCodes = ['partof', 'part-of'];

/**
 * `location:below=Location/1`: the location or any part of it, to any depth; `:above`: the location or what it is a part
 * of. https://hl7.org/fhir/R4/search.html#recursive
 */
export function hierarchyCondition(
  scope: SearchScope,
  plans: readonly SearchParameterPlan[],
  values: readonly string[],
  relation: 'above' | 'below',
): Condition {
  const { registry, baseUrl } = scope;
  const expansions = requireExpansions(scope, relation);
  const targets: ReferenceTarget[] = [];
  for (const text of values.map(unescapeValue)) {
    for (const plan of plans) {
      for (const branch of plan.branches) {
        const { type, id, parentPath } = top(registry, text, targetTypes(plan, branch), baseUrl);
        if (scope.restriction?.(type))
          throw new NotSupported(`:${relation} cannot go through ${type}, of which you may not see all.`);
        const ids = expansions.idsOf({ of: 'hierarchy', relation, type, id, parentPath });
        targets.push(...ids.map((found) => ({ path: branch.path, type, id: found })));
      }
    }
  }
  return { is: 'reference', targets };
}

/** The resource from which the hierarchy is followed, and the path on which its kind refers upwards. */
function top(registry: ParameterRegistry, text: string, types: readonly string[], baseUrl: string) {
  const literal = parseLiteralReference(text, baseUrl);
  const named = literal ? [literal.type] : types;
  const hierarchical = named.flatMap((type) => {
    const parentPath = types.includes(type) ? parentPathOf(registry, type) : undefined;
    return parentPath === undefined ? [] : [{ type, id: literal?.id ?? text, parentPath }];
  });
  const [only, ...others] = hierarchical;
  if (only && others.length === 0) return only;
  if (!only) throw new NotSupported(`Modifiers :above and :below need a hierarchy; ${named.join(', ')} have none.`);
  throw new NotSupported(`"${text}" may be of several types: write [type]/[id].`);
}

function parentPathOf(registry: ParameterRegistry, type: string): number | undefined {
  if (!isResourceType(type)) return undefined;
  for (const code of parentCodes) {
    const plan = registry.find(type, code);
    const branch = plan?.branches.find((candidate) => targetTypes(plan, candidate).includes(type));
    if (branch) return branch.path;
  }
  return undefined;
}
