import { Failure } from '#lib/failure.ts';
import { resourceTypes, type SearchParameterModel } from '../definitions/index.ts';
import {
  appliesTo,
  type FindDefinition,
  knownPathNumber,
  type PathNumbering,
  type PlannedParameter,
  pathName,
  planParameter,
  searchParameter,
} from '../indexing/index.ts';
import { refusal } from './read-definition.ts';

const mostTypes = 146;
const mostBranches = 200;

/** The names of the expressions that a definition has and R4 has not. Fails where it cannot be indexed, or searched. */
export function planDefinition(model: SearchParameterModel, find: FindDefinition): string[] {
  const names = new Set<string>();
  const numberOf: PathNumbering = (kind, expression) => {
    const known = knownPathNumber(kind, expression);
    if (known === undefined) names.add(pathName(kind, expression));
    return known ?? 0;
  };
  const isForAll = model.base.some((base) => base === 'Resource' || base === 'DomainResource');
  const types = resourceTypes.filter((type) => appliesTo(model, type)).slice(0, mostTypes);
  let branches = 0;
  for (const type of types) {
    const planned = planFor(model, type, numberOf, find);
    const count = planned.plan.branches.length;
    // An expression for all types may say nothing of some; one for named types must say something of each.
    if (count === 0 && !isForAll) throw noValues(model, type);
    branches += count;
    if (branches > mostBranches && !isForAll) {
      throw refusal(
        'expression',
        'too-costly',
        `It means more than ${mostBranches} elements: define several parameters.`,
      );
    }
    refuseTaken(model, type, planned);
  }
  if (branches === 0) throw noValues(model, model.base.join(', '));
  return [...names];
}

function planFor(
  model: SearchParameterModel,
  type: string,
  numberOf: PathNumbering,
  find: FindDefinition,
): PlannedParameter {
  try {
    return planParameter(model, type, numberOf, find);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw refusal(model.type === 'composite' ? 'component' : 'expression', error.code, error.message);
  }
}

const noValues = ({ expression, type }: SearchParameterModel, resourceType: string): Failure =>
  refusal(
    'expression',
    'business-rule',
    `"${expression}" means no element of ${resourceType} that a parameter of type ${type} can take values from.`,
  );

/** What R4 defines stays what it is: another definition may only say the same in other words. */
function refuseTaken({ code, type: kind }: SearchParameterModel, type: string, { plan }: PlannedParameter): void {
  const taken = searchParameter(type, code);
  if (!taken) return;
  const paths = (branches: readonly { path: number }[]): string =>
    branches
      .map(({ path }) => path)
      .sort()
      .join(' ');
  if (taken.type === kind && paths(taken.branches) === paths(plan.branches)) return;
  throw refusal('code', 'business-rule', `${type} has a search parameter "${code}" by FHIR R4. Use another code.`);
}
