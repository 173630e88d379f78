import { type CompartmentName, compartments, patientCompartment, resourceTypes } from '../../definitions/index.ts';
import { searchParameter } from '../../indexing/index.ts';

/** Numbers of the expressions by which resources of these types refer to what the compartment is about. */
export function compartmentPaths(name: CompartmentName, isWanted: (type: string) => boolean): number[] {
  const paths = new Set<number>();
  for (const [type, codes] of Object.entries(compartments[name])) {
    if (!isWanted(type)) continue;
    for (const code of codes) {
      for (const { path } of searchParameter(type, code)?.branches ?? []) paths.add(path);
    }
  }
  return [...paths].sort((left, right) => left - right);
}

/** Types that belong to no patient, and that what belongs to one refers to: practitioners, organizations, medications. */
export const supportingTypes: readonly string[] = resourceTypes.filter((type) => !(type in patientCompartment));
