import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/** Restricted and very restricted: https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html */
export function isRestricted({ meta }: JsonObject): boolean {
  const labels = isJsonObject(meta) && Array.isArray(meta.security) ? meta.security : [];
  return labels.some(
    (label) => isJsonObject(label) && label.system === confidentiality && (label.code === 'R' || label.code === 'V'),
  );
}

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const maskedName = ({ text: whole, family, given }: JsonObject): JsonObject => {
  const written = text(whole) || text(family) + (Array.isArray(given) ? given.map(text).join('') : '');
  return { text: `${[...written][0] ?? ''}**` };
};

const endOf = (value: string): string => (value.length > 4 ? `****${value.slice(-4)}` : '****');

/** Enough to ask the person who they are: no address, no numbers but their ends, the year of birth. */
export function maskPatient(patient: JsonObject): JsonObject {
  const { resourceType = 'Patient', id = '', meta, active, gender, birthDate } = patient;
  const security = isJsonObject(meta) ? meta.security : undefined;
  return {
    resourceType,
    id,
    meta: { ...(security !== undefined && { security }), tag: [maskedTag] },
    ...(typeof active === 'boolean' && { active }),
    ...(gender !== undefined && { gender }),
    ...(typeof birthDate === 'string' && { birthDate: birthDate.slice(0, 4) }),
    name: objects(patient.name).slice(0, 1).map(maskedName),
    identifier: objects(patient.identifier).map(({ system, value }) => ({
      ...(system !== undefined && { system }),
      value: endOf(text(value)),
    })),
  };
}

/** The resource is no whole one. https://hl7.org/fhir/R4/valueset-security-labels.html */
const maskedTag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'MASKED' };
