/**
 * The types of FHIR R4 by the kind of thing they say, since access is decided by that. Every type stands in one list: what
 * stands in none could be reached by nobody, and a test says so.
 */

/** What is known of a person's health: belongs to the record of one patient. */
export const healthRecord = [
  'AdverseEvent',
  'AllergyIntolerance',
  'Basic',
  'BodyStructure',
  'CarePlan',
  'CareTeam',
  'ClinicalImpression',
  'Communication',
  'CommunicationRequest',
  'Composition',
  'Condition',
  'DetectedIssue',
  'DeviceRequest',
  'DeviceUseStatement',
  'DiagnosticReport',
  'DocumentManifest',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'FamilyMemberHistory',
  'Flag',
  'Goal',
  'GuidanceResponse',
  'ImagingStudy',
  'Immunization',
  'ImmunizationEvaluation',
  'ImmunizationRecommendation',
  'List',
  'Media',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'MolecularSequence',
  'NutritionOrder',
  'Observation',
  'Procedure',
  'Provenance',
  'QuestionnaireResponse',
  'RequestGroup',
  'RiskAssessment',
  'ServiceRequest',
  'Specimen',
  'SupplyDelivery',
  'SupplyRequest',
  'VisionPrescription',
] as const;

/** What makes a lasting relationship: written by those who have one, never out of an emergency or a consent. */
export const relationships = ['CareTeam', 'EpisodeOfCare'] as const;

/** What a pharmacist must know to dispense, of the record. */
export const medicines = [
  'AdverseEvent',
  'AllergyIntolerance',
  'DetectedIssue',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
] as const;

/** What residents may add to their own record. */
export const selfReported = ['Communication', 'MedicationStatement', 'Observation', 'QuestionnaireResponse'] as const;

export const insurance = [
  'Account',
  'ChargeItem',
  'Claim',
  'ClaimResponse',
  'Contract',
  'Coverage',
  'CoverageEligibilityRequest',
  'CoverageEligibilityResponse',
  'EnrollmentRequest',
  'ExplanationOfBenefit',
  'Invoice',
] as const;

/** Payments between institutions: they name no patient. */
export const payments = ['EnrollmentResponse', 'PaymentNotice', 'PaymentReconciliation'] as const;

export const appointments = ['Appointment', 'AppointmentResponse'] as const;

/** What can be booked: open to whoever books. */
export const sourcePool = ['Schedule', 'Slot'] as const;

/** Who and what there is: in the telephone book of a region anybody may read. */
export const directory = [
  'Endpoint',
  'HealthcareService',
  'InsurancePlan',
  'Location',
  'Organization',
  'OrganizationAffiliation',
  'Practitioner',
  'PractitionerRole',
] as const;

export const catalogue = [
  'BiologicallyDerivedProduct',
  'CatalogEntry',
  'ChargeItemDefinition',
  'DeviceDefinition',
  'DeviceMetric',
  'Medication',
  'MedicationKnowledge',
  'MedicinalProduct',
  'MedicinalProductAuthorization',
  'MedicinalProductContraindication',
  'MedicinalProductIndication',
  'MedicinalProductIngredient',
  'MedicinalProductInteraction',
  'MedicinalProductManufactured',
  'MedicinalProductPackaged',
  'MedicinalProductPharmaceutical',
  'MedicinalProductUndesirableEffect',
  'Substance',
  'SubstanceNucleicAcid',
  'SubstancePolymer',
  'SubstanceProtein',
  'SubstanceReferenceInformation',
  'SubstanceSourceMaterial',
  'SubstanceSpecification',
] as const;

/** Definitions, terminology, published evidence. */
export const knowledge = [
  'ActivityDefinition',
  'CapabilityStatement',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'EffectEvidenceSynthesis',
  'EventDefinition',
  'Evidence',
  'EvidenceVariable',
  'ExampleScenario',
  'GraphDefinition',
  'ImplementationGuide',
  'Library',
  'Measure',
  'MessageDefinition',
  'NamingSystem',
  'ObservationDefinition',
  'OperationDefinition',
  'PlanDefinition',
  'Questionnaire',
  'ResearchDefinition',
  'ResearchElementDefinition',
  'ResearchStudy',
  'RiskEvidenceSynthesis',
  'SearchParameter',
  'SpecimenDefinition',
  'StructureDefinition',
  'StructureMap',
  'TerminologyCapabilities',
  'TestReport',
  'TestScript',
  'ValueSet',
] as const;

/** Each has rules of its own in policy/people.ts, administration.ts and appointments.ts. */
export const singular = [
  'AuditEvent',
  'Binary',
  'Bundle',
  'Consent',
  'Device',
  'Group',
  'Linkage',
  'MeasureReport',
  'MessageHeader',
  'Patient',
  'Person',
  'RelatedPerson',
  'ResearchSubject',
  'Subscription',
  'Task',
  'VerificationResult',
] as const;

/** Messages of the protocol, which nobody stores. */
export const neverStored = ['OperationOutcome', 'Parameters'] as const;
