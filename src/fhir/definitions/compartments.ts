import { readFileSync } from 'node:fs';

export type CompartmentName = 'Patient' | 'Encounter';

/** Parameter codes that put a resource type into a patient's compartment. */
export const patientCompartment: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('./generated/patient-compartment.json', import.meta.url), 'utf8'),
);

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

/** Which parameters tie a type to what a compartment is about. https://hl7.org/fhir/R4/compartmentdefinition.html */
export const compartments: Readonly<Record<CompartmentName, Readonly<Record<string, readonly string[]>>>> = {
  Patient: patientCompartment,
  Encounter: encounterCompartment,
};

/** `Patient/1/Observation`: whether there are compartments of such resources. */
export const isCompartment = (name: string): name is CompartmentName => Object.hasOwn(compartments, name);
