/** JSON as the suite writes it. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type JsonMap = { [name: string]: Json };

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names whose text is wording: that something is said is compared, not what. */
const wordings = new Set(['diagnostics', 'text']);

/** OperationOutcome.issue.location says what expression says; some answers of the suite have both, some only one. */
const repeated = new Set(['location']);

const patterns: Record<string, RegExp> = {
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/,
  uuid: /^(urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  url: /^[a-z][a-z0-9+.-]*:\S+$/,
  token: /^[A-Za-z0-9\-_.]+$/,
  string: /./s,
  version: /./,
  semver: /^\d+\.\d+(\.\d+)?/,
};

/** What of the actual answer does not match the expected one, by path; undefined when all does. */
export function mismatch(expected: Json, actual: Json | undefined, path = ''): string | undefined {
  if (typeof expected === 'string') return mismatchText(expected, actual, path);
  if (Array.isArray(expected)) return mismatchList(expected, actual, path);
  if (isMap(expected)) return mismatchMap(expected, actual, path);
  return expected === actual ? undefined : `${path}: ${show(actual)} instead of ${show(expected)}`;
}

const show = (value: Json | undefined): string => (JSON.stringify(value) ?? 'nothing').slice(0, 400);

function mismatchText(expected: string, actual: Json | undefined, path: string): string | undefined {
  if (typeof actual !== 'string') return `${path}: ${show(actual)} instead of ${show(expected)}`;
  const placeholder = /^\$([a-z]+)(?::(.*))?\$$/s.exec(expected);
  if (!placeholder)
    return isLike(expected, actual) ? undefined : `${path}: ${show(actual)} instead of ${show(expected)}`;
  const [, name = '', more = ''] = placeholder;
  if (name === 'external' || name === 'fragments') return actual === '' ? `${path} is empty` : undefined;
  if (name === 'choice') return more.split('|').includes(actual) ? undefined : `${path}: ${actual}, not of ${more}`;
  return patterns[name]?.test(actual) ? undefined : `${path}: ${actual} is no ${name}`;
}

/** Versions may stand within a text: `http://a.b/c|$version$`. */
function isLike(expected: string, actual: string): boolean {
  const [before = '', after] = expected.split('$version$');
  if (after === undefined) return expected === actual;
  return actual.length > before.length + after.length && actual.startsWith(before) && actual.endsWith(after);
}

/** Order never matters; what is optional may be missing. */
function mismatchList(
  expected: Json[],
  actual: Json | undefined,
  path: string,
  countsOnly = false,
): string | undefined {
  if (!Array.isArray(actual)) return `${path}: ${show(actual)} instead of a list`;
  if (countsOnly) {
    return expected.length === actual.length
      ? undefined
      : `${path} has ${actual.length} entries, not ${expected.length}`;
  }
  const left = [...actual];
  const required = expected.filter((item) => !isOptional(item));
  for (const item of [...required, ...expected.filter(isOptional)]) {
    const at = left.findIndex((candidate) => mismatch(item, candidate) === undefined);
    if (at >= 0) left.splice(at, 1);
    else if (!isOptional(item)) return `${path} lacks ${show(item)}; it has ${show(actual)}`;
  }
  return left.length === 0 ? undefined : `${path} also has ${show(left)}`;
}

/** Optional for a server of R4 that is not tx.fhir.org. */
function isOptional(item: Json): boolean {
  if (!isMap(item)) return false;
  const mark = item.$optional$;
  return mark === true || mark === '!tx.fhir.org' || mark === 'warning:version' || mark === 'version:4';
}

function mismatchMap(expected: JsonMap, actual: Json | undefined, path: string): string | undefined {
  if (!isMap(actual)) return `${path}: ${show(actual)} instead of ${show(expected)}`;
  const optional = [expected['$optional-properties$'], expected.$optional].filter(Array.isArray).flat();
  const counted = (expected['$count-arrays$'] ?? []) as string[];
  const isWording = expected.name === 'message' || expected.name === 'diagnostics';
  for (const [name, value] of Object.entries(expected)) {
    if (name.startsWith('$')) continue;
    const place = `${path}.${name}`;
    if (actual[name] === undefined) {
      if (optional.includes(name) || repeated.has(name) || isEmptyButForOptional(value)) continue;
      return `${place} is missing`;
    }
    if ((wordings.has(name) || isWording) && name !== 'name') {
      if (typeof actual[name] === 'string' && actual[name] !== '') continue;
    }
    const found =
      counted.includes(name) && Array.isArray(value)
        ? mismatchList(value, actual[name], place, true)
        : mismatch(value, actual[name], place);
    if (found) return found;
  }
  const more = Object.keys(actual).find(
    (name) => expected[name] === undefined && !optional.includes(name) && !repeated.has(name),
  );
  return more === undefined ? undefined : `${path}.${more} is unexpected: ${show(actual[more])}`;
}

const isEmptyButForOptional = (value: Json): boolean => Array.isArray(value) && value.every(isOptional);
