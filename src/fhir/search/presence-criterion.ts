import { anySystem, anyValue, type SearchParameterPlan, tokenKey } from '../indexing/index.ts';
import { any, type Condition, type PresenceCondition } from './condition.ts';

const tables = {
  token: 'token',
  reference: 'reference',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  string: 'string',
  uri: 'string',
} as const satisfies Partial<Record<SearchParameterPlan['type'], PresenceCondition['table']>>;

/** `:missing`: whether there is an index row on the parameter's paths. */
export function presenceCondition(plans: readonly SearchParameterPlan[], isMissing: boolean): Condition {
  const present = any(
    plans.map(({ type, branches }): Condition => {
      const table = tables[type as keyof typeof tables];
      const paths = branches.map(({ path }) => path);
      // Tokens without dictionary, and references that could not be resolved, leave a key that says: there is one.
      const keys = paths.map((path) => tokenKey(path, anySystem, anyValue));
      return { is: 'present', table, paths, keys };
    }),
  );
  return isMissing ? { is: 'not', condition: present } : present;
}
