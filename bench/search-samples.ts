import type {
  CodeableConcept,
  Condition,
  Encounter,
  Identifier,
  MedicationRequest,
  Observation,
  Patient,
  Resource,
} from 'fhir/r4.js';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { sampleResources } from './queries.ts';

/** Resources that are stored, from which the values of the searches are taken. */
export interface Samples {
  patients: Patient[];
  encounters: Encounter[];
  /** With a quantity as value. */
  observations: Observation[];
  conditions: Condition[];
  medicationRequests: MedicationRequest[];
}

/** Always the same of the same data. */
export async function takeSamples(pool: Pool): Promise<Samples> {
  const take = async <Type extends Resource>(type: Type['resourceType'], count: number): Promise<Type[]> => {
    const resources = await sampleResources(pool, resourceTypeNumber(type), count);
    return resources.map(({ content }) => JSON.parse(content) as Type);
  };
  const observations = await take<Samples['observations'][number]>('Observation', 2000);
  return {
    patients: await take('Patient', 200),
    encounters: await take('Encounter', 200),
    observations: observations.filter(({ valueQuantity, code }) => valueQuantity?.value !== undefined && code.coding),
    conditions: await take('Condition', 200),
    medicationRequests: await take('MedicationRequest', 200),
  };
}

/** The sample with this number, round and round. */
export const of = <Item>(items: Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('A search has nothing to take its values from');
  return item;
};

/** The address of a search below /fhir. */
export const search = (type: string, parameters: Record<string, string | undefined>): string => {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${type}?${new URLSearchParams([...given, ...('_summary' in parameters ? [] : [['_count', '20']])])}`;
};

export const token = (system = '', code = ''): string => `${system}|${code}`;
export const identifierOf = ({ identifier: [first] = [] }: { identifier?: Identifier[] }) =>
  token(first?.system, first?.value);
export const codeOf = ({ code }: { code?: CodeableConcept }) =>
  token(code?.coding?.[0]?.system, code?.coding?.[0]?.code);
export const familyOf = ({ name: [first] = [] }: Patient) => first?.family ?? first?.text ?? '';
export const patientOf = ({ subject }: { subject?: { reference?: string } }) => subject?.reference;
export const yearOf = ({ effectiveDateTime = '2020' }: Observation) => Number(effectiveDateTime.slice(0, 4));

/** Searches whose answers do not grow with the record: for what belongs to one resident. */
export function patientSearches(samples: Samples): string[] {
  const { observations, encounters, medicationRequests } = samples;
  return [
    ...observations
      .slice(0, 200)
      .map((item) => search('Observation', { patient: patientOf(item), code: codeOf(item) })),
    ...encounters.map((item) => search('Encounter', { patient: patientOf(item) })),
    ...medicationRequests.map((item) => search('MedicationRequest', { patient: patientOf(item), status: item.status })),
  ];
}
