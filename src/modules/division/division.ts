import { Failure } from '#lib/failure.ts';

/** GB/T 2260 for nation to county, GB/T 10114 for townships, the statistical code of 12 digits for villages. */
export const divisionKinds = ['nation', 'province', 'city', 'county', 'township', 'village'] as const;
export type DivisionKind = (typeof divisionKinds)[number];

export interface Division {
  /** 6 digits down to the county, 9 for a township, 12 for a village. */
  code: string;
  name: string;
  english: string;
  kind: DivisionKind;
  parent: string | undefined;
  /** Days as 2021-12-31; undefined where there is no bound. It is in force from the one until before the other. */
  validFrom: string | undefined;
  validUntil: string | undefined;
}

export const nationCode = '000000';

/** The shortest writing of a code: 530423000000 and 530423000 are the county 530423. Fails with `value`. */
export function parseDivisionCode(text: string): string {
  const digits = text.trim();
  if (!/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(digits)) {
    throw new Failure('value', `A division code has 6, 9 or 12 digits, not "${text.slice(0, 32)}".`);
  }
  if (digits.length < 6) return digits.padEnd(6, '0');
  const whole = digits.padEnd(12, '0');
  if (whole.endsWith('000000')) return whole.slice(0, 6);
  return whole.endsWith('000') ? whole.slice(0, 9) : whole;
}

/** The statistical writing, of 12 digits. */
export const printLongCode = (code: string): string => code.padEnd(12, '0');

/** The level that a code has by its form. */
export function kindOfCode(code: string): DivisionKind {
  if (code.length === 12) return 'village';
  if (code.length === 9) return 'township';
  if (code === nationCode) return 'nation';
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'city' : 'county';
}

/** What all codes below begin with, as far as codes are drawn in order: `53` for 530000. */
export function significantDigits(code: string): string {
  if (code === nationCode) return '';
  return code.length > 6 ? code : code.replace(/(0000|00)$/, '');
}

/** Fails with `value` unless it is a day such as 2021-12-31 that exists. */
export function parseDay(text: string, what: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)) return text;
  throw new Failure('value', `${what} must be a day such as 2021-12-31, not "${text.slice(0, 32)}".`);
}
