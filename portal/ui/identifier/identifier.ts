import type { Identifier } from 'fhir/r4.js';

/** What an identifier is for, as far as the portal tells kinds apart. */
export type IdentifierKind = 'id-card' | 'health-record' | 'other';

const idCard = /^\d{17}[\dX]$/i;
const healthRecord = /^\d{17}$/;

/** The resident id number has 18 places (GB 11643), the number of the health record 17. */
export function identifierKind({ value = '' }: Identifier): IdentifierKind {
  if (idCard.test(value)) return 'id-card';
  return healthRecord.test(value) ? 'health-record' : 'other';
}

export function identifierOf(kind: IdentifierKind, identifiers: readonly Identifier[] | undefined): string | undefined {
  return identifiers?.find((identifier) => identifierKind(identifier) === kind)?.value;
}

/** The last four places, by which people are told apart at a desk without showing the whole number. */
export const endingOf = (value: string): string => value.slice(-4);

/** On forms only the last eight digits of a record number are printed, as NNN-NNNNN. */
export function printRecordNumber(value: string): string {
  return healthRecord.test(value) ? `${value.slice(9, 12)}-${value.slice(12)}` : value;
}
