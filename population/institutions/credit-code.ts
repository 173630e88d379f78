const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code (GB 32100): authority, kind, division, organization code with its check digit (GB 11714), check digit. */
export function creditCode(prefix: '12' | '91' | '11', division: string, serial: number): string {
  const body = String(serial).padStart(8, '0');
  const start = `${prefix}${division.slice(0, 6)}${body}${organizationCheck(body)}`;
  return `${start}${creditCheck(start)}`;
}

export function creditCheck(start: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of start) {
    sum += alphabet.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

function organizationCheck(body: string): string {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body.charAt(index)), 0);
  const rest = (11 - (sum % 11)) % 11;
  return rest === 10 ? 'X' : String(rest);
}
