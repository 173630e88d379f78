/** Code and identifier systems of the directory; docs/guides/directory.md explains them. */
const codes = 'http://meridian.health/fhir/CodeSystem/';
const identifiers = 'http://meridian.health/fhir/identifier/';
const structures = 'http://meridian.health/fhir/StructureDefinition/';

export const systems = {
  kind: `${codes}institution-kind`,
  grade: `${codes}hospital-grade`,
  department: `${codes}department`,
  role: `${codes}staff-role`,
  title: `${codes}professional-title`,
  division: `${codes}division`,
  organizationType: 'http://terminology.hl7.org/CodeSystem/organization-type',
  creditCode: `${identifiers}unified-social-credit-code`,
  institutionCode: `${identifiers}institution-code`,
  insuranceCode: `${identifiers}insurance-institution-code`,
  departmentKey: `${identifiers}department`,
  serviceKey: `${identifiers}service`,
  licence: `${identifiers}practitioner-licence`,
} as const;

export const extensions = {
  division: `${structures}division`,
  grade: `${structures}hospital-grade`,
  figure: `${structures}institution-figure`,
  mainRegistration: `${structures}main-registration`,
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
} as const;
