/** The FHIR IssueType codes that Meridian answers with. https://hl7.org/fhir/R4/valueset-issue-type.html */
export type FailureCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'code-invalid'
  | 'invariant'
  | 'not-supported'
  | 'not-found'
  | 'deleted'
  | 'multiple-matches'
  | 'conflict'
  | 'business-rule'
  | 'processing'
  | 'too-long'
  | 'too-costly'
  | 'login'
  | 'forbidden'
  | 'throttled'
  | 'timeout'
  | 'no-store'
  | 'exception'
  | 'transient';

/** One thing that is wrong: `diagnostics` says what to do in a sentence, `expression` is the FHIRPath of the element. */
export interface Issue {
  severity: 'fatal' | 'error' | 'warning' | 'information';
  code: FailureCode;
  diagnostics: string;
  expression?: string;
}

/** A request that cannot be carried out, for a reason that the caller may read. Anything else thrown is a bug. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly issues: readonly Issue[];

  constructor(code: FailureCode, diagnostics: string, issues?: readonly Issue[]) {
    super(diagnostics);
    this.name = 'Failure';
    this.code = code;
    this.issues = issues ?? [{ severity: 'error', code, diagnostics }];
  }
}

/** A condition under which the caller sent the request does not hold, such as a version that is not the current one. */
export class FailedCondition extends Failure {
  constructor(diagnostics: string) {
    super('conflict', diagnostics);
  }
}
