import { codeOf, familyOf, identifierOf, of, patientOf, type Samples, search, yearOf } from './search-samples.ts';

/** What a search asks of the index: few rows at once, a walk in order, or all matches. */
export type Demand = 'selective' | 'walking' | 'counting';

export interface SearchKind {
  demand: Demand;
  /** Below /fhir, of the sample with this number. */
  address(samples: Samples, index: number): string;
  /** The second page is measured, by the link on the first. */
  isSecondPage?: boolean;
}

/** The suite: what portals and services ask most, and what is hard to answer. */
export const searchKinds: Record<string, SearchKind> = {
  'Patient by name': {
    demand: 'selective',
    address: ({ patients }, index) => search('Patient', { name: familyOf(of(patients, index)).slice(0, 4) }),
  },
  'Patient by birth date and gender': {
    demand: 'selective',
    address: ({ patients }, index) => {
      const { birthDate, gender } = of(patients, index);
      return search('Patient', { birthdate: birthDate, gender });
    },
  },
  'Patient by identifier': {
    demand: 'selective',
    address: ({ patients }, index) => search('Patient', { identifier: identifierOf(of(patients, index)) }),
  },
  'Patient with its Conditions': {
    demand: 'selective',
    address: ({ patients }, index) =>
      search('Patient', { _id: of(patients, index).id, _revinclude: 'Condition:patient' }),
  },
  'Encounter of a patient, with provider': {
    demand: 'selective',
    address: ({ encounters }, index) =>
      search('Encounter', { patient: patientOf(of(encounters, index)), _include: 'Encounter:service-provider' }),
  },
  'Observation of a patient by code': {
    demand: 'selective',
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      return search('Observation', { patient: patientOf(observation), code: codeOf(observation) });
    },
  },
  'Observation by code, newest first': {
    demand: 'walking',
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), _sort: '-date' }),
  },
  'Observation by code and value': {
    demand: 'selective',
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      return search('Observation', {
        code: codeOf(observation),
        'value-quantity': `gt${observation.valueQuantity?.value}`,
      });
    },
  },
  'Observation by code and year': {
    demand: 'selective',
    address: ({ observations }, index) => {
      const observation = of(observations, index);
      const year = yearOf(observation);
      const within = `${search('Observation', { code: codeOf(observation), date: `ge${year}` })}`;
      return `${within}&date=lt${year + 1}`;
    },
  },
  'Observation by name of the patient': {
    demand: 'walking',
    address: ({ patients }, index) => search('Observation', { 'patient.name': familyOf(of(patients, index)) }),
  },
  'Observation by code and gender of the patient': {
    demand: 'walking',
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), 'patient.gender': 'female' }),
  },
  'Condition by code': {
    demand: 'selective',
    address: ({ conditions }, index) => search('Condition', { code: codeOf(of(conditions, index)) }),
  },
  'MedicationRequest of a patient by status': {
    demand: 'selective',
    address: ({ medicationRequests }, index) => {
      const request = of(medicationRequests, index);
      return search('MedicationRequest', { patient: patientOf(request), status: request.status });
    },
  },
  'Count of Observations by code': {
    demand: 'counting',
    address: ({ observations }, index) =>
      search('Observation', { code: codeOf(of(observations, index)), _summary: 'count' }),
  },
  'Second page of Observations by code': {
    demand: 'selective',
    address: ({ observations }, index) => search('Observation', { code: codeOf(of(observations, index)) }),
    isSecondPage: true,
  },
  'Observation by gender of the patient': {
    demand: 'walking',
    address: ({ patients }, index) => search('Observation', { 'patient.gender': of(patients, index).gender }),
  },
  'Patient who has an Observation by code': {
    demand: 'walking',
    address: ({ observations }, index) =>
      search('Patient', { '_has:Observation:patient:code': codeOf(of(observations, index)) }),
  },
  'Patient by gender, sorted by name': {
    demand: 'walking',
    address: ({ patients }, index) =>
      search('Patient', { gender: of(patients, index).gender, _sort: 'family,-birthdate' }),
  },
  'Condition of all, newest first': {
    demand: 'walking',
    address: (_samples, index) => search('Condition', { _sort: index % 2 === 0 ? '-onset-date' : '-_lastUpdated' }),
  },
};
