import type {
  CodeableConcept,
  Condition,
  Encounter,
  Identifier,
  MedicationRequest,
  Observation,
  Patient,
} from 'fhir/r4.js';

/** Resources that are stored, from which the values of the searches are taken. */
export interface Samples {
  patients: Patient[];
  encounters: Encounter[];
  /** With a quantity as value. */
  observations: Observation[];
  conditions: Condition[];
  medicationRequests: MedicationRequest[];
}

export interface SearchKind {
  /** Below /fhir, of the sample with this number. */
  address(samples: Samples, index: number): string;
  /** The second page is measured, by the link on the first. */
  isSecondPage?: boolean;
}

const of = <Item>(items: Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('A search has nothing to take its values from');
  return item;
};

const search = (type: string, parameters: Record<string, string | undefined>): string => {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${type}?${new URLSearchParams([...given, ...('_summary' in parameters ? [] : [['_count', '20']])])}`;
};

const token = (system = '', code = ''): string => `${system}|${code}`;
const identifierOf = ({ identifier: [first] = [] }: { identifier?: Identifier[] }) =>
  token(first?.system, first?.value);
const codeOf = ({ code }: { code?: CodeableConcept }) => token(code?.coding?.[0]?.system, code?.coding?.[0]?.code);
const familyOf = ({ name: [first] = [] }: Patient) => first?.family ?? first?.text ?? '';
const patientOf = ({ subject }: { subject?: { reference?: string } }) => subject?.reference;
const yearOf = ({ effectiveDateTime = '2020' }: Observation) => Number(effectiveDateTime.slice(0, 4));

/** The suite: what portals and services ask most, and what is hard to answer. */
export const searchKinds: Record<string, SearchKind> = {
  'Patient by name': {
    address: ({ patients }, index) => search('Patient', { name: familyOf(of(patients, index)).slice(0, 4) }),
  },
  'Patient by birth date and gender': {
    address: ({ patients }, index) => {
      const { birthDate, gender } = of(patients, index);
      return search('Patient', { birthdate: birthDate, gender });
    },
  },
  'Patient by identifier': {
    address: ({ patients }, index) => search('Patient', { identifier: identifierOf(of(patients, index)) }),
  },
  'Patient with its Conditions': {
    address: ({ patients }, index) =>
      search('Patient', { _id: of(patients, index).id, _revinclude: 'Condition:patient' }),
  },
  'Encounter of a patient, with provider': {
    address: ({ encounters }, index) =>
      search('Encounter', { patient: patientOf(of(encounters, index)), _include: 'Encounter:service-provider' }),
  },
  'Observation of a patient by code': {
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      return search('Observation', { patient: patientOf(observation), code: codeOf(observation) });
    },
  },
  'Observation by code, newest first': {
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), _sort: '-date' }),
  },
  'Observation by code and value': {
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      return search('Observation', {
        code: codeOf(observation),
        'value-quantity': `gt${observation.valueQuantity?.value}`,
      });
    },
  },
  'Observation by code and year': {
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      const year = yearOf(observation);
      const within = `${search('Observation', { code: codeOf(observation), date: `ge${year}` })}`;
      return `${within}&date=lt${year + 1}`;
    },
  },
  'Observation by name of the patient': {
    address: ({ patients }, index) => search('Observation', { 'patient.name': familyOf(of(patients, index)) }),
  },
  'Observation by code and gender of the patient': {
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), 'patient.gender': 'female' }),
  },
  'Condition by code': {
    address: ({ conditions }, index) => search('Condition', { code: codeOf(of(conditions, index)) }),
  },
  'MedicationRequest of a patient by status': {
    address: ({ medicationRequests }, index) => {
      const request = of(medicationRequests, index);
      return search('MedicationRequest', { patient: patientOf(request), status: request.status });
    },
  },
  'Count of Observations by code': {
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), _summary: 'count' }),
  },
  'Second page of Observations by code': {
    address: ({ observations }, index) => search('Observation', { code: codeOf(of(observations, index)) }),
    isSecondPage: true,
  },
};
