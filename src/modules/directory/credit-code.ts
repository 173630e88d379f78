const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** The check character of the first 17 of a unified social credit code (GB 32100-2015). */
export function creditCheck(start: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * alphabet.indexOf(start.charAt(index)), 0);
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** What is wrong with a unified social credit code, as a sentence; undefined when nothing is. */
export function faultOfCreditCode(code: string): string | undefined {
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(code)) {
    return 'A unified social credit code has 18 characters: digits and capital letters without I, O, S, V and Z.';
  }
  const check = creditCheck(code);
  if (code.endsWith(check)) return undefined;
  return `The last character of this unified social credit code would be ${check}. Compare it with the certificate.`;
}
