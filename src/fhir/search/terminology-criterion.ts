import { Failure } from '#lib/failure.ts';
import type { SearchBranch } from '../indexing/index.ts';
import type { Condition } from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';
import type { CodedPath } from './expansions.ts';
import { NotSupported, requireExpansions, type SearchScope } from './scope.ts';
import { coded, hasCodeSystem } from './token-criterion.ts';

/** `code:in=http://example.org/ValueSet/1`: a code of the value set. https://hl7.org/fhir/R4/search.html#token */
export function valueSetCondition(
  scope: SearchScope,
  branches: readonly SearchBranch[],
  values: readonly string[],
): Condition {
  const paths = codedPaths(branches, 'in');
  const expansions = requireExpansions(scope, 'in');
  return keysCondition(
    values.flatMap((text) =>
      expansions.keysOf({ of: 'codes', relation: 'in', value: unescapeValue(text), system: '', paths }),
    ),
  );
}

/** `code:below=system|code`: the code itself, or one that it subsumes; `:above`: one that subsumes it. */
export function subsumedCondition(
  scope: SearchScope,
  branches: readonly SearchBranch[],
  values: readonly string[],
  relation: 'above' | 'below',
): Condition {
  const paths = codedPaths(branches, relation);
  const expansions = requireExpansions(scope, relation);
  return keysCondition(
    values.flatMap((text) => {
      const [system, value, ...others] = splitEscaped(text, '|').map(unescapeValue);
      if (!system || !value || others.length > 0) {
        throw new Failure('value', `"${text}" cannot be used with :${relation}: write [system]|[code].`);
      }
      return expansions.keysOf({ of: 'codes', relation, value, system, paths });
    }),
  );
}

const keysCondition = (keys: readonly bigint[]): Condition => ({
  is: 'token',
  keys: [...new Set(keys)],
  paths: [],
  codes: [],
  systems: [],
});

function codedPaths(branches: readonly SearchBranch[], modifier: string): CodedPath[] {
  const paths = branches
    .filter(({ valueTypes }) => valueTypes.some((type) => coded.has(type)))
    .map(({ path, valueTypes }) => ({ path, hasSystem: hasCodeSystem(valueTypes) }));
  if (paths.length === 0) throw new NotSupported(`Modifier :${modifier} is for parameters on codes.`);
  return paths;
}
