import type { JsonObject } from '#lib/json/index.ts';
import type { Designation } from '../designation.ts';
import type { TerminologyIssue } from '../fault.ts';
import type { Scope } from '../scope.ts';

export interface Coding {
  readonly system: string | undefined;
  readonly version: string | undefined;
  readonly code: string | undefined;
  readonly display: string | undefined;
}

/** How the code was given: the places that issues name differ. */
export type Mode = 'code' | 'coding' | 'codeableConcept';

/** What one request has found so far. */
export class Findings {
  readonly issues: TerminologyIssue[] = [];
  /** What is also said in the message. */
  readonly messages = new Set<string>();
  /** Canonicals of code systems that are not known. */
  readonly unknownSystems = new Set<string>();

  /** The same thing at the same place is said once. `isTold`: also in the message, though it is no error. */
  add(issue: TerminologyIssue, isTold = issue.severity === 'error'): void {
    if (isTold) this.messages.add(issue.text);
    const isKnown = this.issues.some(({ text, expression }) => text === issue.text && expression === issue.expression);
    if (!isKnown) this.issues.push(issue);
  }

  merge(other: Findings): void {
    for (const issue of other.issues) this.add(issue, other.messages.has(issue.text));
    for (const system of other.unknownSystems) this.unknownSystems.add(system);
  }

  get hasErrors(): boolean {
    return this.issues.some(({ severity }) => severity === 'error');
  }
}

/** What is known of the coding that is being checked. */
export interface CodingState {
  readonly scope: Scope;
  readonly findings: Findings;
  readonly mode: Mode;
  /** Where the coding stands; empty when code and system came apart. */
  readonly path: string;
  readonly coding: Coding & { readonly code: string };
  /** The one that was given, or inferred. */
  system: string | undefined;
  isInferred: boolean;
  /** The version of the code system in which the code was looked for. */
  version: string | undefined;
  designations: readonly Designation[];
  /** That a value set brought displays of its own. */
  hasOwnDisplays: boolean;
  language: string | undefined;
  inactive: { status: string | undefined } | undefined;
  status: string | undefined;
  /** How the code system writes the code. */
  normalCode: string | undefined;
  content: string | undefined;
}

export const placeOf = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** A value set, for $validate-code, may be one that only stands for a code system. */
export interface Target {
  readonly resource: JsonObject;
  readonly isCodeSystem: boolean;
}
