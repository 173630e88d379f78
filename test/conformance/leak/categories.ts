import { resourceTypes } from '#fhir/definitions/index.ts';
import { searchParameter, tokenKey } from '#fhir/indexing/index.ts';
import { type Condition, nothing } from '#fhir/search/index.ts';
import type { CategoryConditions } from '#modules/access/index.ts';

const psychiatric = new Map(
  resourceTypes.map((type): [string, Condition] => {
    const branches = searchParameter(type, '_security')?.branches ?? [];
    const keys = branches.map(({ path }) => tokenKey(path, 'http://terminology.hl7.org/CodeSystem/v3-ActCode', 'PSY'));
    return [type, { is: 'token', keys, paths: [], codes: [], systems: [] }];
  }),
);

/** Category 0 is everything, 1 mental health. */
export const categories: CategoryConditions = {
  conditionOf: (category, type) =>
    category === 0 ? undefined : category === 1 ? (psychiatric.get(type) ?? nothing) : nothing,
  isSensitive: (category) => category === 1,
};
