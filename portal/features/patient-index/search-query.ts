/** What somebody typed into the one field, read as a FHIR search on Patient. https://hl7.org/fhir/R4/patient.html#search */

export type SearchKind = 'all' | 'name' | 'id-card' | 'health-record' | 'phone' | 'number';

export interface PatientQuery {
  kind: SearchKind;
  parameters: readonly (readonly [name: string, value: string])[];
}

const mobile = /^(?:\+?86)?(1\d{10})$/;
const landline = /^0\d{9,11}$/;
const idCard = /^\d{17}[\dX]$/;
const healthRecord = /^\d{17}$/;
const birthYear = /^(?:19|20)\d\d$/;

/** A number is looked up whole; words are parts of the name, in any order, and a year among them is the year of birth. */
export function parseSearch(text: string): PatientQuery {
  const words = text
    .trim()
    .split(/[\s,，、]+/)
    .filter(Boolean);
  if (words.length === 0) return { kind: 'all', parameters: [] };
  const number = words.join('').replaceAll(/[-()]/g, '').toUpperCase();
  const phone = mobile.exec(number)?.[1] ?? landline.exec(number)?.[0];
  if (phone !== undefined) return { kind: 'phone', parameters: [['phone', phone]] };
  if (idCard.test(number)) return { kind: 'id-card', parameters: [['identifier', number]] };
  if (healthRecord.test(number)) return { kind: 'health-record', parameters: [['identifier', number]] };
  if (/\d{5}/.test(number)) return { kind: 'number', parameters: [['identifier', escapeValue(words.join(''))]] };
  return {
    kind: 'name',
    parameters: words.map((word) => (birthYear.test(word) ? ['birthdate', word] : ['name', escapeValue(word)])),
  };
}

/** The first page of the search; the server gives the address of each that follows. */
export function searchAddress({ kind, parameters }: PatientQuery, count: number): string {
  const order: [string, string][] = kind === 'all' ? [['_sort', '-_lastUpdated']] : [['_sort', 'family,birthdate']];
  const query = new URLSearchParams([...parameters.map(([name, value]) => [name, value]), ...order]);
  query.append('_count', String(count));
  query.append('_total', 'accurate');
  return `Patient?${query}`;
}

// https://hl7.org/fhir/R4/search.html#escaping
function escapeValue(value: string): string {
  return value.replaceAll(/[\\$,|]/g, (sign) => `\\${sign}`);
}
