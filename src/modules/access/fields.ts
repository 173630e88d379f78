import { Failure } from '#lib/failure.ts';

/** Reads the fields of a JSON body, and says which one is wrong. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Failure('structure', 'Send a JSON object.');
    }
    this.#values = body as Record<string, unknown>;
  }

  /** A text without blanks around it. */
  text(name: string, { least = 1, most }: { least?: number; most: number }): string {
    const value = this.#values[name];
    const text = typeof value === 'string' ? value.trim() : '';
    if (text.length >= least && text.length <= most) return text;
    throw new Failure('value', `${name} must be a text of ${least} to ${most} characters.`);
  }

  optionalText(name: string, { most }: { most: number }): string | undefined {
    const value = this.#values[name];
    return value === undefined || value === null || value === '' ? undefined : this.text(name, { most });
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.#values[name]);
    if (found !== undefined) return found;
    throw new Failure('value', `${name} must be one of ${choices.join(', ')}.`);
  }

  /** Milliseconds since 1970 UTC, of an instant with its zone. */
  instant(name: string): number {
    const value = this.#values[name];
    const at = typeof value === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(at)) return at;
    throw new Failure('value', `${name} must be an instant such as 2026-12-31T23:59:59+08:00.`);
  }

  /** Ids of resources, each once. */
  ids(name: string, most: number): string[] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length === 0 || value.length > most) {
      throw new Failure('value', `${name} must be a list of 1 to ${most} ids.`);
    }
    return [...new Set(value.map((one) => checkId(name, one)))];
  }

  id(name: string): string {
    return checkId(name, this.#values[name]);
  }
}

/** `1` or `Patient/1`. */
function checkId(name: string, value: unknown): string {
  const id = typeof value === 'string' ? value.replace(/^Patient\//, '') : '';
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(id)) return id;
  throw new Failure('value', `${name} must be the id of a Patient.`);
}
