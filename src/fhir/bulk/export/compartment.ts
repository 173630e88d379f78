import type { JsonObject } from '#lib/json/index.ts';
import { patientCompartment, resourceTypes } from '../../definitions/index.ts';
import { indexResource, searchParameter } from '../../indexing/index.ts';
import { parseLiteralReference, referenceKey, ridRange } from '../../store/index.ts';
import type { MemberRanges } from './queries.ts';

/** Types of which some resources belong to patients. https://hl7.org/fhir/R4/compartmentdefinition-patient.html */
export const patientTypes: readonly string[] = resourceTypes.filter(
  (type) => type === 'Patient' || (patientCompartment[type]?.length ?? 0) > 0,
);

const paths = new Map<string, readonly number[]>();

/** Numbers of the expressions by which resources of a type refer to their patients. */
export function compartmentPaths(type: string): readonly number[] {
  const known = paths.get(type);
  if (known) return known;
  const codes = patientCompartment[type] ?? [];
  const branches = codes.flatMap((code) => searchParameter(type, code)?.branches ?? []);
  const found = [...new Set(branches.map(({ path }) => path))].sort((left, right) => left - right);
  paths.set(type, found);
  return found;
}

/** The keys of references to any patient; undefined for patients, who all belong to themselves. */
export function anyPatient(type: string): MemberRanges {
  if (type === 'Patient') return undefined;
  const { first, last } = ridRange('Patient');
  return {
    firsts: compartmentPaths(type).map((path) => referenceKey(path, first)),
    lasts: compartmentPaths(type).map((path) => referenceKey(path, last)),
  };
}

/** The ids of the patients to whom a resource belongs, by its content alone. */
export function patientsOf(type: string, resource: JsonObject, baseUrl: string): string[] {
  if (type === 'Patient') return typeof resource.id === 'string' ? [resource.id] : [];
  const wanted = new Set(compartmentPaths(type));
  const ids = new Set<string>();
  const ignore = () => {};
  const sink = {
    code: ignore,
    codeText: ignore,
    identifier: ignore,
    date: ignore,
    number: ignore,
    quantity: ignore,
    string: ignore,
    uri: ignore,
    composite: ignore,
    position: ignore,
    reference(path: number, reference: string) {
      const target = wanted.has(path) ? parseLiteralReference(reference, baseUrl) : undefined;
      if (target?.type === 'Patient') ids.add(target.id);
    },
  };
  indexResource(resource, sink);
  return [...ids];
}
