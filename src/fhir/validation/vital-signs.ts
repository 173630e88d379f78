import { isJsonObject, type JsonObject } from '#lib/json/index.ts';

const address = 'http://hl7.org/fhir/StructureDefinition/';

/** LOINC codes that R4 reserves for its vital signs. https://hl7.org/fhir/R4/observation-vitalsigns.html */
const profileOfCode: ReadonlyMap<string, string> = new Map([
  ['85353-1', 'vitalspanel'],
  ['9279-1', 'resprate'],
  ['8867-4', 'heartrate'],
  ['2708-6', 'oxygensat'],
  ['8310-5', 'bodytemp'],
  ['8302-2', 'bodyheight'],
  ['9843-4', 'headcircum'],
  ['29463-7', 'bodyweight'],
  ['39156-5', 'bmi'],
  ['85354-9', 'bp'],
]);

/** The same observation coded with SNOMED CT must carry the LOINC code too. */
const profileOfConcept: ReadonlyMap<string, string> = new Map([['276885007', 'bodytemp']]);

const profilesBySystem: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['http://loinc.org', profileOfCode],
  ['http://snomed.info/sct', profileOfConcept],
]);

/** The profile that an Observation must meet because of its code. */
export function vitalSignsProfile({ resourceType, code }: JsonObject): string | undefined {
  if (resourceType !== 'Observation' || !isJsonObject(code) || !Array.isArray(code.coding)) return undefined;
  for (const coding of code.coding.filter(isJsonObject)) {
    const profiles = profilesBySystem.get(String(coding.system));
    const name = profiles?.get(String(coding.code));
    if (name !== undefined) return address + name;
  }
  return undefined;
}
