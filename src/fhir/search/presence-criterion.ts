import { anySystem, anyValue, type SearchParameterPlan, tokenKey } from '../indexing/index.ts';
import type { Condition, PresenceCondition } from './condition.ts';

const tables = {
  token: 'token',
  reference: 'reference',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  string: 'string',
  uri: 'string',
} as const satisfies Partial<Record<SearchParameterPlan['type'], PresenceCondition['table']>>;

/** `:missing`: whether there is an index row on the parameter's paths. The plans are of one kind. */
export function presenceCondition(
  plans: readonly [SearchParameterPlan, ...SearchParameterPlan[]],
  isMissing: boolean,
): Condition {
  const table = tables[plans[0].type as keyof typeof tables];
  const paths = [...new Set(plans.flatMap(({ branches }) => branches.map(({ path }) => path)))];
  // Tokens without dictionary, and references that could not be resolved, leave a key that says: there is one.
  const present: Condition = {
    is: 'present',
    table,
    paths,
    keys: paths.map((path) => tokenKey(path, anySystem, anyValue)),
  };
  return isMissing ? { is: 'not', condition: present } : present;
}
