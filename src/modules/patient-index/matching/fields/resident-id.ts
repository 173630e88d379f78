/** Resident identity numbers, GB 11643. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character, from the first 17 digits. */
export function checkCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return '10X98765432'.charAt(sum % 11);
}

/** In 18 characters, an old number of 15 digits made one; undefined for what is no such number at all. */
export function normaliseResidentId(written: string): string | undefined {
  const text = written.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
  if (/^\d{17}[\dX]$/.test(text)) return text;
  if (!/^\d{15}$/.test(text)) return undefined;
  const first17 = `${text.slice(0, 6)}19${text.slice(6)}`;
  return first17 + checkCharacter(first17);
}

/** Birth dates of people alive in the century of computers. */
const earliest = '1850-01-01';

/** Whether the check character is right and the birth date is a date that has been: `today` as YYYY-MM-DD. */
export function isValidResidentId(id: string, today: string): boolean {
  if (!/^\d{17}[\dX]$/.test(id) || checkCharacter(id) !== id[17]) return false;
  const date = birthDateOf(id);
  const isDate = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) ?? false;
  return isDate && date >= earliest && date <= today;
}

/** YYYY-MM-DD. */
export const birthDateOf = (id: string): string => `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;

export const sexOf = (id: string): 'male' | 'female' => (Number(id[16]) % 2 === 1 ? 'male' : 'female');
