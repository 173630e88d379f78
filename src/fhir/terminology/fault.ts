import type { JsonObject } from '#lib/json/index.ts';

/** An issue as the terminology ecosystem words it: `detail` is of its tx-issue-type, `messageId` says which rule spoke. */
export interface TerminologyIssue {
  readonly severity: 'error' | 'warning' | 'information';
  /** A code of https://hl7.org/fhir/R4/valueset-issue-type.html */
  readonly code: string;
  readonly detail?: string | undefined;
  readonly messageId?: string | undefined;
  readonly text: string;
  readonly expression?: string | undefined;
}

const detailSystem = 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type';
const messageIdUrl = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id';

function printIssue({ severity, code, detail, messageId, text, expression }: TerminologyIssue): JsonObject {
  return {
    ...(messageId && { extension: [{ url: messageIdUrl, valueString: messageId }] }),
    severity,
    code,
    details: { ...(detail && { coding: [{ system: detailSystem, code: detail }] }), text },
    ...(expression && { location: [expression], expression: [expression] }),
  };
}

export const printIssues = (issues: readonly TerminologyIssue[]): JsonObject => ({
  resourceType: 'OperationOutcome',
  issue: issues.map(printIssue),
});

/** A request that cannot be answered; the reason goes to the client as OperationOutcome. */
export class TerminologyFault extends Error {
  readonly status: number;
  readonly issues: readonly TerminologyIssue[];
  /** The canonical of a code system that is not known. */
  readonly unknownSystem: string | undefined;
  /** $validate-code says it within its answer. */
  readonly isFinding: boolean;

  constructor(status: number, issues: readonly TerminologyIssue[], unknownSystem?: string, isFinding = false) {
    super(issues.map(({ text }) => text).join(' '));
    this.name = 'TerminologyFault';
    this.status = status;
    this.issues = issues;
    this.unknownSystem = unknownSystem;
    this.isFinding = isFinding;
  }
}

export type Fault = Omit<TerminologyIssue, 'severity'> & {
  status?: number;
  unknownSystem?: string | undefined;
  isFinding?: boolean;
};

/** A failure of one issue, with the codes that the terminology services of HL7 have for it. */
export function terminologyFault({ status = 422, unknownSystem, isFinding, ...issue }: Fault): TerminologyFault {
  return new TerminologyFault(status, [{ severity: 'error', ...issue }], unknownSystem, isFinding);
}
