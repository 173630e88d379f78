/** Small letters without accents, digits and signs. */
export const latinLetters = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replace(/[^a-z]/g, '');

/** Whether one letter was put in, left out, changed, or swapped with its neighbour, to make one text the other. */
export function isOneEdit(left: string, right: string): boolean {
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  if (longer.length - shorter.length > 1) return false;
  let start = 0;
  while (start < shorter.length && shorter.charCodeAt(start) === longer.charCodeAt(start)) start++;
  let end = 0;
  const rest = shorter.length - start;
  while (end < rest && shorter.charCodeAt(shorter.length - 1 - end) === longer.charCodeAt(longer.length - 1 - end))
    end++;
  const between = longer.length - start - end;
  if (between <= 1) return left !== right;
  if (between !== 2 || shorter.length !== longer.length) return false;
  return shorter[start] === longer[start + 1] && shorter[start + 1] === longer[start];
}

/**
 * How many letters must be put in, left out, changed, or swapped with their neighbour to make one text the other;
 * `limit + 1` as soon as it is more than the limit.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (left === right) return 0;
  if (limit === 1) return isOneEdit(left, right) ? 1 : 2;
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      current.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? limit + 1;
}

const soundexDigit: Readonly<Record<string, string>> = {
  ...{ b: '1', f: '1', p: '1', v: '1' },
  ...{ c: '2', g: '2', j: '2', k: '2', q: '2', s: '2', x: '2', z: '2' },
  ...{ d: '3', t: '3', l: '4', m: '5', n: '5', r: '6' },
};

/** The American Soundex of a name in small letters; empty for an empty one. */
export function soundex(name: string): string {
  let code = name.slice(0, 1);
  let last = soundexDigit[code] ?? '';
  for (const letter of name.slice(1)) {
    const digit = soundexDigit[letter] ?? '';
    if (digit !== '' && digit !== last) code += digit;
    if (letter !== 'h' && letter !== 'w') last = digit;
    if (code.length === 4) break;
  }
  return code.padEnd(4, '0').slice(0, name === '' ? 0 : 4);
}
