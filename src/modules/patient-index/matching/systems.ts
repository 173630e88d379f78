/** As the profiles in content/profiles name them. */
export const residentIdSystem = 'urn:oid:2.16.840.1.113883.2.23.1.9.1';
export const extensionBase = 'http://meridian.health/fhir/StructureDefinition/';
