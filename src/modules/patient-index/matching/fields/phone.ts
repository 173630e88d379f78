/** Digits without the code of China; undefined when there are fewer than seven, or when all are the same. */
export function normalisePhone(written: string): string | undefined {
  const digits = written
    .normalize('NFKC')
    .replace(/\D/g, '')
    .replace(/^(?:00)?86(?=1\d{10}$)/, '');
  return digits.length < 7 || /^(\d)\1*$/.test(digits) ? undefined : digits.slice(0, 20);
}
