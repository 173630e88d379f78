import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Named {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
}

interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface OfFigure extends Named, Bounds {
  readonly is: 'figure' | 'figure-per-bed';
  readonly figure: string;
}

interface OfDepartment extends Named {
  readonly is: 'department';
  readonly anyOf: readonly string[];
}

interface OfStaff extends Named, Bounds {
  readonly is: 'staff' | 'staff-per-bed';
  readonly roles?: readonly string[];
  readonly titles?: readonly string[];
}

/** One thing that a grade asks for; content/hospital-grades/README.md says what each `is` means. */
export type Requirement = OfFigure | OfDepartment | OfStaff;

export const isOfFigure = (requirement: Requirement): requirement is OfFigure =>
  requirement.is === 'figure' || requirement.is === 'figure-per-bed';

/** What a level asks of a kind of institution. */
export interface Checklist {
  readonly kind: string;
  readonly level: string;
  readonly zh: string;
  readonly source: string;
  /** Whether somebody has compared the figures with the official text. */
  readonly isVerified: boolean;
  readonly requirements: readonly Requirement[];
}

const folder = fileURLToPath(new URL('../../../../content/hospital-grades/', import.meta.url));

/** All checklists of content/hospital-grades, by kind and level: `general-hospital-2`. */
export const checklists: ReadonlyMap<string, Checklist> = new Map(
  globSync('*.json', { cwd: folder }).map((name) => {
    const checklist = JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as Checklist;
    return [`${checklist.kind}-${checklist.level}`, checklist];
  }),
);
