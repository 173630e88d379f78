import { type Checklist, isOfFigure, type Requirement } from './requirement.ts';

/** What the directory holds of an institution, counted. */
export interface Inventory {
  /** Declared by the institution. */
  figures: Readonly<Record<string, number>>;
  /** Codes of departments that are there, by themselves or because somebody is registered in them. */
  departments: ReadonlySet<string>;
  /** Everybody once, with all their roles and the title that they hold. */
  staff: readonly { roles: readonly string[]; title: string | undefined }[];
}

export interface Finding {
  id: string;
  zh: string;
  en: string;
  /** `unknown` where the institution has not declared the number. */
  state: 'met' | 'unmet' | 'unknown';
  /** Whose word it is: counted in the directory, or declared by the institution. */
  basis: 'directory' | 'declared';
  found: number | undefined;
  atLeast: number | undefined;
  atMost: number | undefined;
  /** The departments that would do. */
  anyOf: readonly string[] | undefined;
}

/** Compares what is there with what a level asks for, one finding for each requirement. */
export const checkGrade = ({ requirements }: Checklist, inventory: Inventory): Finding[] =>
  requirements.map((requirement) => find(requirement, inventory));

function find(requirement: Requirement, inventory: Inventory): Finding {
  const { id, zh, en } = requirement;
  if (requirement.is === 'department') {
    const { anyOf } = requirement;
    const found = anyOf.filter((code) => isThere(code, inventory.departments)).length;
    const state = found > 0 ? 'met' : 'unmet';
    return { id, zh, en, state, basis: 'directory', found, atLeast: undefined, atMost: undefined, anyOf };
  }
  const found = measure(requirement, inventory);
  const { atLeast, atMost } = requirement;
  const isMet = found !== undefined && found >= (atLeast ?? 0) && found <= (atMost ?? Number.POSITIVE_INFINITY);
  const state = found === undefined ? 'unknown' : isMet ? 'met' : 'unmet';
  const basis = requirement.is === 'staff' ? 'directory' : 'declared';
  return { id, zh, en, state, basis, found, atLeast, atMost, anyOf: undefined };
}

/** A department stands for those within it: 03 is there where 03.04 is. */
const isThere = (code: string, departments: ReadonlySet<string>): boolean =>
  departments.has(code) || [...departments].some((department) => department.startsWith(`${code}.`));

function measure(
  requirement: Exclude<Requirement, { is: 'department' }>,
  { figures, staff }: Inventory,
): number | undefined {
  const { beds } = figures;
  if (isOfFigure(requirement)) {
    const figure = figures[requirement.figure];
    if (requirement.is === 'figure') return figure;
    return figure === undefined || !beds ? undefined : round(figure / beds);
  }
  const { roles, titles } = requirement;
  const count = staff.filter(
    (one) =>
      (!roles || one.roles.some((role) => roles.includes(role))) &&
      (!titles || (one.title !== undefined && titles.includes(one.title))),
  ).length;
  if (requirement.is === 'staff') return count;
  return beds ? round(count / beds) : undefined;
}

/** Downwards, so that rounding meets no requirement. */
const round = (value: number): number => Math.floor(value * 100 + 1e-9) / 100;
