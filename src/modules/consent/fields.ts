import { Failure, type Issue } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import type { DataCategories } from '#modules/access/index.ts';
import { endOf, type Scope, startOf } from './consent.ts';

/** The JSON object of a request, and what is wrong with its members, all told at once. */
export class Fields {
  readonly body: JsonObject;
  readonly issues: Issue[] = [];

  constructor(body: unknown) {
    if (!isJsonObject(body as JsonValue)) throw new Failure('structure', 'Send a JSON object in the body.');
    this.body = body as JsonObject;
  }

  fault(expression: string, diagnostics: string, code: Issue['code'] = 'value'): undefined {
    this.issues.push({ severity: 'error', code, diagnostics, expression });
    return undefined;
  }

  text(name: string, { isRequired = false, most = 500 } = {}): string | undefined {
    const value = this.body[name];
    if (value === undefined || value === null || value === '') {
      return isRequired ? this.fault(name, `Send "${name}".`, 'required') : undefined;
    }
    if (typeof value !== 'string') return this.fault(name, `"${name}" must be a text.`);
    const text = value.trim();
    if (text.length > most) return this.fault(name, `"${name}" may have ${most} characters.`, 'too-long');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)) return this.fault(name, `"${name}" holds control characters.`);
    return text === '' && isRequired ? this.fault(name, `Send "${name}".`, 'required') : text || undefined;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name, { isRequired: true, most: 64 });
    if (text === undefined) return undefined;
    return choices.find((one) => one === text) ?? this.fault(name, `"${name}" must be one of ${choices.join(', ')}.`);
  }

  /** A day, or a time with its zone. */
  time(name: string): string | undefined {
    const text = this.text(name, { most: 40 });
    if (text === undefined) return undefined;
    const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d))?$/.test(text);
    const at = isWritten ? startOf(text) : Number.NaN;
    const isDay = text.length > 10 || (!Number.isNaN(at) && new Date(at).toISOString().startsWith(text));
    if (!Number.isNaN(at) && isDay) return text;
    return this.fault(name, `"${name}" must be a day (2026-03-31) or a time with its zone.`);
  }

  version(): number | undefined {
    const { version } = this.body;
    if (version === undefined) return undefined;
    if (typeof version === 'number' && Number.isInteger(version) && version > 0) return version;
    return this.fault('version', '"version" must be the number of the version that was seen.');
  }

  codes(name: string, known: ReadonlySet<string>): string[] {
    const value = this.body[name];
    const codes = Array.isArray(value) ? value : [];
    const unknown = codes.filter((code) => typeof code !== 'string' || !known.has(code));
    if (codes.length === 0 || codes.length > 64) this.fault(name, `Send "${name}" as a list of codes.`, 'required');
    if (unknown.length > 0) this.fault(name, `"${name}" may hold ${[...known].join(', ')}.`, 'code-invalid');
    return [...new Set(codes.filter((code): code is string => typeof code === 'string' && known.has(code)))];
  }

  /** Fails with all that was found wrong. */
  done(): void {
    const [first] = this.issues;
    if (first) throw new Failure(first.code, first.diagnostics, this.issues);
  }
}

/** Nobody can foresee more. */
const mostYears = 10;

/** What is to be opened; `isOpenEnded` for what closes data, which may have no end. */
export function readScope(
  fields: Fields,
  categories: DataCategories,
  { now, isOpenEnded = false }: { readonly now: number; readonly isOpenEnded?: boolean },
): Scope {
  const known = new Set(categories.list.map(({ code }) => code));
  const scope: Scope = {
    categories: fields.codes('categories', known),
    from: fields.time('from'),
    until: fields.time('until'),
    dataFrom: fields.time('dataFrom'),
    dataUntil: fields.time('dataUntil'),
    eraseAt: fields.time('eraseAt'),
  };
  checkTimes(fields, scope, { now, isOpenEnded });
  return scope;
}

function checkTimes(
  fields: Fields,
  { from, until, dataFrom, dataUntil, eraseAt }: Scope,
  { now, isOpenEnded }: { readonly now: number; readonly isOpenEnded: boolean },
): void {
  if (until === undefined && !isOpenEnded && fields.body.until === undefined) {
    fields.fault('until', 'Say until when: every consent ends.', 'required');
  }
  if (until !== undefined && endOf(until) <= now) fields.fault('until', 'The end must lie in the future.');
  if (until !== undefined && endOf(until) > now + mostYears * 366 * 86_400_000) {
    fields.fault('until', `The end may lie ${mostYears} years ahead.`);
  }
  if (from !== undefined && until !== undefined && startOf(from) >= endOf(until)) {
    fields.fault('until', 'The end must come after the beginning.');
  }
  if (dataFrom !== undefined && dataUntil !== undefined && startOf(dataFrom) >= endOf(dataUntil)) {
    fields.fault('dataUntil', 'The end must come after the beginning.');
  }
  if (eraseAt !== undefined && startOf(eraseAt) <= now) fields.fault('eraseAt', 'Erasure must lie in the future.');
}
