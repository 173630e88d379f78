import { searchParameter } from './parameters.ts';

/** The date parameters that say when care was given or planned, not when it was written down. */
const codes: Readonly<Record<string, readonly string[]>> = {
  Account: ['period'],
  AdverseEvent: ['date'],
  AllergyIntolerance: ['onset', 'date', 'last-date'],
  Appointment: ['date'],
  AuditEvent: ['date'],
  Basic: ['created'],
  CarePlan: ['date', 'activity-date'],
  CareTeam: ['date'],
  ChargeItem: ['occurrence'],
  Claim: ['created'],
  ClaimResponse: ['created'],
  ClinicalImpression: ['date'],
  Communication: ['sent', 'received'],
  CommunicationRequest: ['occurrence', 'authored'],
  Composition: ['date', 'period'],
  Condition: ['onset-date', 'abatement-date', 'recorded-date'],
  Consent: ['date', 'period'],
  CoverageEligibilityRequest: ['created'],
  CoverageEligibilityResponse: ['created'],
  DetectedIssue: ['identified'],
  DeviceRequest: ['event-date', 'authored-on'],
  DiagnosticReport: ['date', 'issued'],
  DocumentManifest: ['created'],
  DocumentReference: ['date', 'period'],
  Encounter: ['date'],
  EpisodeOfCare: ['date'],
  ExplanationOfBenefit: ['created'],
  FamilyMemberHistory: ['date'],
  Flag: ['date'],
  Goal: ['start-date', 'target-date'],
  ImagingStudy: ['started'],
  Immunization: ['date'],
  ImmunizationEvaluation: ['date'],
  ImmunizationRecommendation: ['date'],
  Invoice: ['date'],
  List: ['date'],
  MeasureReport: ['period', 'date'],
  Media: ['created'],
  MedicationAdministration: ['effective-time'],
  MedicationDispense: ['whenprepared', 'whenhandedover'],
  MedicationRequest: ['authoredon', 'date'],
  MedicationStatement: ['effective'],
  NutritionOrder: ['datetime'],
  Observation: ['date'],
  Procedure: ['date'],
  Provenance: ['when', 'recorded'],
  QuestionnaireResponse: ['authored'],
  RequestGroup: ['authored'],
  ResearchSubject: ['date'],
  RiskAssessment: ['date'],
  Schedule: ['date'],
  ServiceRequest: ['occurrence', 'authored'],
  Specimen: ['collected'],
  SupplyRequest: ['date'],
  Task: ['period', 'authored-on'],
  VisionPrescription: ['datewritten'],
};

/** Index paths of the clinical dates of a type, or of all types; each belongs to one type. */
export function clinicalDatePaths(type?: string): number[] {
  const asked = type === undefined ? Object.entries(codes) : [[type, codes[type] ?? []] as const];
  const parameters = asked.flatMap(([name, own]) => own.map((code) => searchParameter(name, code)));
  return [...new Set(parameters.flatMap((parameter) => (parameter?.branches ?? []).map(({ path }) => path)))];
}

export const clinicalDateCodes = codes;
