import { isResourceType, searchParameters } from '../definitions/index.ts';
import { appliesTo } from './parameter-branches.ts';
import { pathNumber } from './path-numbers.ts';
import { type PlannedParameter, planParameter } from './plan-parameter.ts';
import type { SearchParameterPlan } from './search-parameter-plan.ts';

const planned = new Map<string, ReadonlyMap<string, PlannedParameter>>();

/** The parameters of a resource type by code, with what its extractor needs. */
export function plannedParameters(resourceType: string): ReadonlyMap<string, PlannedParameter> {
  const known = planned.get(resourceType);
  if (known !== undefined) return known;
  if (!isResourceType(resourceType)) throw new Error(`${resourceType} is no R4 resource type`);
  const parameters = new Map(
    searchParameters
      .filter((parameter) => appliesTo(parameter, resourceType))
      .map((parameter) => [parameter.code, planParameter(parameter, resourceType, pathNumber)]),
  );
  planned.set(resourceType, parameters);
  return parameters;
}

/** What a search parameter means for a resource type, or undefined when R4 does not define it there. */
export const searchParameter = (resourceType: string, code: string): SearchParameterPlan | undefined =>
  isResourceType(resourceType) ? plannedParameters(resourceType).get(code)?.plan : undefined;

/** All search parameters of a resource type, those of Resource included. */
export const searchParametersOf = (resourceType: string): SearchParameterPlan[] =>
  [...plannedParameters(resourceType).values()].map(({ plan }) => plan);
