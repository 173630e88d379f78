import { patientCompartment, resourceTypes } from '../../definitions/index.ts';
import { searchParameter } from '../../indexing/index.ts';

export type CompartmentName = 'Patient' | 'Encounter';

/** Codes of the parameters by which a type belongs to an encounter. https://hl7.org/fhir/R4/compartmentdefinition-encounter.html */
const encounterCompartment: Readonly<Record<string, readonly string[]>> = {
  CarePlan: ['encounter'],
  CareTeam: ['encounter'],
  ChargeItem: ['context'],
  Claim: ['encounter'],
  ClinicalImpression: ['encounter'],
  Communication: ['encounter'],
  CommunicationRequest: ['encounter'],
  Composition: ['encounter'],
  Condition: ['encounter'],
  DeviceRequest: ['encounter'],
  DiagnosticReport: ['encounter'],
  DocumentManifest: ['related-ref'],
  DocumentReference: ['encounter'],
  ExplanationOfBenefit: ['encounter'],
  Media: ['encounter'],
  MedicationAdministration: ['context'],
  MedicationRequest: ['encounter'],
  NutritionOrder: ['encounter'],
  Observation: ['encounter'],
  Procedure: ['encounter'],
  QuestionnaireResponse: ['encounter'],
  RequestGroup: ['encounter'],
  ServiceRequest: ['encounter'],
  VisionPrescription: ['encounter'],
};

export const compartments: Readonly<Record<CompartmentName, Readonly<Record<string, readonly string[]>>>> = {
  Patient: patientCompartment,
  Encounter: encounterCompartment,
};

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
