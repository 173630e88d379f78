import type { FailureCode, Issue } from '#lib/failure.ts';

/** An issue on its way up: the path grows at the front, the sentence is made at the root. */
export interface Finding {
  severity: Issue['severity'];
  code: FailureCode;
  path: string;
  /** The rest of a sentence that starts with the path. */
  problem: string;
}

export function prefix(findings: Finding[], from: number, step: string): void {
  for (let index = from; index < findings.length; index++) {
    const finding = findings[index] as Finding;
    finding.path = step + finding.path;
  }
}

export function printIssue({ severity, code, path, problem }: Finding, root: string): Issue {
  const expression = root + path;
  const diagnostics = `${expression || 'The resource'} ${problem}.`;
  return { severity, code, diagnostics, ...(expression ? { expression } : {}) };
}
