import type { OperationOutcome } from 'fhir/r4.js';

/** An issue that names a field: its FHIR code, and the sentence. */
export interface FieldFault {
  code: string;
  sentence: string;
}

/** A request that the server refused, or that never reached it (`status` is then undefined). */
export class RequestFailure extends Error {
  readonly status: number | undefined;
  /** What the server said, one sentence an issue; empty when nothing was heard from it. */
  readonly sentences: readonly string[];
  /** For so long the server wants to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  /** What is wrong with a field of a form, by its name. */
  readonly faults: ReadonlyMap<string, FieldFault>;
  /** Why, as codes that a feature has its own words for. */
  readonly reasons: readonly string[];

  constructor(
    status: number | undefined,
    sentences: readonly string[],
    retryAfterSeconds?: number,
    faults: ReadonlyMap<string, FieldFault> = new Map(),
    reasons: readonly string[] = [],
  ) {
    super(sentences.join(' ') || `status ${status ?? 'none'}`);
    this.name = 'RequestFailure';
    this.status = status;
    this.sentences = sentences;
    this.retryAfterSeconds = retryAfterSeconds;
    this.faults = faults;
    this.reasons = reasons;
  }

  get isUnreachable(): boolean {
    return this.status === undefined;
  }
}

export function isOperationOutcome(body: unknown): body is OperationOutcome {
  return (
    typeof body === 'object' && body !== null && 'resourceType' in body && body.resourceType === 'OperationOutcome'
  );
}

export function outcomeToSentences(outcome: OperationOutcome): string[] {
  return outcome.issue
    .filter((issue) => issue.severity === 'error' || issue.severity === 'fatal')
    .map((issue) => issue.diagnostics ?? issue.details?.text ?? issue.code);
}

/** The issues of an outcome that name a field, by the field. */
export const outcomeToFaults = ({ issue }: OperationOutcome): Map<string, FieldFault> =>
  new Map(
    issue.flatMap(({ expression, code, diagnostics }) =>
      expression?.[0] && diagnostics ? [[expression[0], { code, sentence: diagnostics }]] : [],
    ),
  );

/** The codes that an outcome gives beside its sentences. */
export const outcomeToReasons = ({ issue }: OperationOutcome): string[] =>
  issue.flatMap(({ details }) => (details?.coding ?? []).flatMap(({ code }) => code ?? []));
