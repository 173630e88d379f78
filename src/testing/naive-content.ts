/** A step into content of which nothing is known: undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const isOneOf = (value: unknown, ...codes: readonly string[]): boolean => codes.some((code) => code === value);

/** What a Reference names. */
export function reference(value: unknown): string | undefined {
  const name = at(value, 'reference');
  return typeof name === 'string' ? name : undefined;
}

/** The first microsecond of what a date names, or the first after it, by the calendar of JavaScript. */
export function naiveInstant(value: unknown, isEnd: boolean): number | undefined {
  if (typeof value !== 'string') return undefined;
  const date = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(value);
  if (date) {
    const [, year = '', month, dayOfMonth] = date;
    const at = new Date(`${year}${month ?? '-01'}${dayOfMonth ?? '-01'}T00:00:00Z`);
    if (Number.isNaN(at.getTime()) || year === '0000') return undefined;
    if (isEnd && !month) at.setUTCFullYear(at.getUTCFullYear() + 1);
    else if (isEnd && !dayOfMonth) at.setUTCMonth(at.getUTCMonth() + 1);
    else if (isEnd) at.setUTCDate(at.getUTCDate() + 1);
    return at.getTime() * 1000;
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  // JavaScript knows no leap second.
  const isLeap = value.slice(17, 19) === '60';
  const at = new Date(isLeap ? `${value.slice(0, 17)}59${value.slice(19)}` : value).getTime() + (isLeap ? 1000 : 0);
  if (Number.isNaN(at)) return undefined;
  return at * 1000 + (isEnd ? (value.includes('.') ? 1 : 1_000_000) : 0);
}
