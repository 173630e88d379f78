import { Failure, type Issue } from '#lib/failure.ts';
import { parseDay } from '#modules/division/index.ts';
import { findTerm, type Term, type Vocabulary } from './vocabulary.ts';

/** What somebody typed, by the names of the fields. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Takes the fields of a form or a row one by one and gathers what is wrong with each, so that all of it is told at once. The
 * expression of an issue is the name of the field.
 */
export class Fields {
  readonly issues: Issue[] = [];
  readonly #input: Input;

  constructor(input: Input) {
    this.#input = input;
  }

  fault(field: string, diagnostics: string, code: Issue['code'] = 'value'): undefined {
    this.issues.push({ severity: 'error', code, diagnostics, expression: field });
    return undefined;
  }

  /** Trimmed; undefined when it is empty. */
  text(field: string, { isRequired = false, most = 200 } = {}): string | undefined {
    const value = this.#input[field];
    const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
    if (value !== undefined && value !== null && typeof value !== 'string' && typeof value !== 'number') {
      return this.fault(field, 'This must be text.');
    }
    if (text === '') return isRequired ? this.fault(field, 'Fill this in.', 'required') : undefined;
    if (text.length > most) return this.fault(field, `This has more than ${most} characters.`, 'too-long');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(text)) return this.fault(field, 'This holds characters that cannot be printed.');
    return text;
  }

  matching(field: string, pattern: RegExp, sentence: string, isRequired = false): string | undefined {
    const text = this.text(field, { isRequired });
    if (text === undefined || pattern.test(text)) return text;
    return this.fault(field, sentence);
  }

  term(field: string, list: Vocabulary, isRequired = false): Term | undefined {
    const text = this.text(field, { isRequired });
    if (text === undefined) return undefined;
    return (
      findTerm(list, text) ?? this.fault(field, `"${text.slice(0, 40)}" is not in the list of ${list}.`, 'code-invalid')
    );
  }

  day(field: string, isRequired = false): string | undefined {
    const text = this.text(field, { isRequired });
    if (text === undefined) return undefined;
    try {
      return parseDay(text.replaceAll('/', '-'), 'This');
    } catch (error) {
      return this.fault(field, (error as Error).message);
    }
  }

  /** Fails with all that was found wrong. */
  done(): void {
    const [first] = this.issues;
    if (first) throw new Failure(first.code, first.diagnostics, this.issues);
  }
}
