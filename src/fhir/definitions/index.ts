import { readFileSync } from 'node:fs';

export { type CompartmentName, compartments, isCompartment, patientCompartment } from './compartments.ts';

/** One element of a type as it stands in JSON: choice elements by their full name (`valueQuantity`). */
export interface ElementModel {
  /** A FHIR type (`CodeableConcept`), or the path of a backbone element (`Patient.contact`). */
  readonly type: string;
  readonly array?: true;
  readonly required?: true;
  readonly summary?: true;
  /** Name without the type suffix, for choice elements: `value` for `valueQuantity`. */
  readonly choice?: string;
  /** Resource types that a Reference may point to. */
  readonly targets?: readonly string[];
  /** The value set from which a coded value must be taken (binding strength required). */
  readonly valueSet?: string;
}

export interface TypeModel {
  readonly kind: 'primitive-type' | 'complex-type' | 'resource' | 'backbone';
  /** Regular expression of a primitive, from its StructureDefinition. */
  readonly pattern?: string;
  readonly elements: Readonly<Record<string, ElementModel>>;
}

export interface SearchParameterModel {
  readonly url: string;
  readonly code: string;
  readonly type: 'number' | 'date' | 'string' | 'token' | 'reference' | 'composite' | 'quantity' | 'uri' | 'special';
  readonly base: readonly string[];
  readonly expression?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
  readonly description?: string;
}

const load = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`./generated/${file}`, import.meta.url), 'utf8')) as T;

const types = new Map(Object.entries(load<Record<string, TypeModel>>('types.json')));

/** The R4 definition of a type or backbone element (`Patient`, `HumanName`, `Patient.contact`). */
export const typeModel = (name: string): TypeModel | undefined => types.get(name);

/** The 146 concrete resource types of R4, in alphabetical order. */
export const resourceTypes: readonly string[] = [...types]
  .filter(([, model]) => model.kind === 'resource')
  .map(([name]) => name)
  .sort();

const typeNumbers = new Map(resourceTypes.map((name, index) => [name, index + 1]));

export const isResourceType = (name: unknown): name is string => typeof name === 'string' && typeNumbers.has(name);

/** The number by which the store knows a resource type (1 to 146). R4 is frozen, so the alphabetical order is stable. */
export function resourceTypeNumber(name: string): number {
  const number = typeNumbers.get(name);
  if (number === undefined) throw new Error(`${name} is no R4 resource type`);
  return number;
}

export const resourceTypeOfNumber = (number: number): string | undefined => resourceTypes[number - 1];

/** All R4 SearchParameters; those of `Resource` and `DomainResource` hold for every type. */
export const searchParameters: readonly SearchParameterModel[] = load('search-parameters.json');
