import type { Random } from '../random.ts';

// Prefixes of the four operators; the shape is valid, the numbers are drawn.
const prefixes =
  '130 131 132 135 136 137 138 139 150 151 152 157 158 159 177 180 181 183 187 188 189 191 198 199'.split(' ');

/** A mobile number of the mainland: 11 digits. */
export function mobileNumber(random: Random): string {
  return `${random.pick(prefixes)}${String(random.int(0, 99_999_999)).padStart(8, '0')}`;
}
