const wildcard = /^(?:x|X|\*)$/;

/** Whether a version (1.2.0) is one that a pattern (1.x, 1.2.*, 1.2.0) names. */
export function matchesVersion(pattern: string, version: string): boolean {
  if (pattern === version) return true;
  const wanted = pattern.split('.');
  if (!wanted.some((part) => wildcard.test(part))) return false;
  const parts = version.split('.');
  if (parts.length < wanted.length && !wildcard.test(wanted.at(-1) ?? '')) return false;
  return wanted.every((part, index) => wildcard.test(part) || part === parts[index]);
}

const pieces = (version: string): string[] => version.split(/[.\-+_/]/);

/** Orders versions by their numbers (1.10 after 1.9) and dates; what is no number, as text. */
export function compareVersions(left: string, right: string): number {
  const [lefts, rights] = [pieces(left), pieces(right)];
  for (let index = 0; index < Math.max(lefts.length, rights.length); index++) {
    const [one, other] = [lefts[index], rights[index]];
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    if (one === other) continue;
    const [number, otherNumber] = [Number(one), Number(other)];
    if (!Number.isNaN(number) && !Number.isNaN(otherNumber)) {
      if (number !== otherNumber) return number - otherNumber;
    } else return one < other ? -1 : 1;
  }
  return 0;
}

/** `http://a.b/c|1.0` in its two parts. */
export function splitCanonical(canonical: string): { url: string; version: string | undefined } {
  const at = canonical.indexOf('|');
  if (at < 0) return { url: canonical, version: undefined };
  return { url: canonical.slice(0, at), version: canonical.slice(at + 1) || undefined };
}

export const joinCanonical = (url: string, version: string | undefined): string =>
  version === undefined || version === '' ? url : `${url}|${version}`;
