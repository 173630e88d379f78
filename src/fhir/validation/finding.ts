import type { FailureCode, Issue } from '#lib/failure.ts';

/** An issue on its way up: the path grows at the front, the sentence is made at the root. */
export interface Finding {
  severity: Issue['severity'];
  code: FailureCode;
  path: string;
  /** The rest of a sentence that starts with the path. */
  problem: string;
  /** The profile that asks for it, unless R4 itself does. */
  profile?: string;
}

export function prefix(findings: Finding[], from: number, step: string): void {
  for (let index = from; index < findings.length; index++) {
    const finding = findings[index] as Finding;
    finding.path = step + finding.path;
  }
}

export function printIssue({ severity, code, path, problem, profile }: Finding, root: string): Issue {
  const expression = root + path;
  const source = profile === undefined ? '' : ` (${profile})`;
  const diagnostics = `${expression || 'The resource'} ${problem}${source}.`;
  return { severity, code, diagnostics, ...(expression ? { expression } : {}) };
}
