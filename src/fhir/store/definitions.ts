import { type Plan, planDefinitions, register } from '../search-parameters/index.ts';
import type { Change } from './change.ts';
import { isWritten, type Step } from './plan-step.ts';
import type { Connection } from './queries.ts';
import type { StoreState } from './state.ts';

/** Of such resources, what is searched depends. */
export const isDefinition = ({ type }: Pick<Change, 'type'>): boolean => type === 'SearchParameter';

type Planned = Step[] | { readonly error: unknown } | 'busy';

/** What the search parameters in these units mean; units with one that cannot be have the failure in their place. */
export async function planParameters(
  connection: Connection,
  planned: Planned[],
): Promise<ReadonlyMap<Step, Plan> | undefined> {
  const steps = planned.flatMap((unit, index) =>
    Array.isArray(unit) ? unit.filter((step) => isDefinition(step.change)).map((step) => ({ step, index })) : [],
  );
  const written = steps.filter(({ step }) => isWritten(step));
  if (written.length === 0) return undefined;
  const definitions = written.map(({ step: { change } }) => ({ id: change.id, resource: change.resource }));
  const plans = new Map<Step, Plan>();
  for (const [at, plan] of (await planDefinitions(connection, definitions)).entries()) {
    const { step, index } = written[at] as (typeof written)[number];
    if ('failure' in plan) planned[index] = { error: plan.failure };
    else plans.set(step, plan);
  }
  return plans;
}

/** Lets the plans of what is written come into force with it. */
export async function registerParameters(
  { parameters, onParameter }: StoreState,
  connection: Connection,
  plans: ReadonlyMap<Step, Plan>,
  written: readonly Step[],
): Promise<void> {
  const own = written.flatMap((step) => plans.get(step) ?? []);
  await register(connection, own, onParameter ?? (async () => {}));
  parameters.expire();
}
