import type { childrenOf, describeDivision, findDivisions } from './find-division.ts';

export {
  type Division,
  type DivisionKind,
  nationCode,
  parseDay,
  parseDivisionCode,
  printLongCode,
  significantDigits,
} from './division.ts';
export { syllablesOf } from './english-name.ts';
export {
  branchOf,
  divisionOf,
  type FoundDivision,
  findDivisions,
  isWithin,
  prefixesOf,
} from './find-division.ts';
export { type ImportedRow, importDivisions } from './import-divisions.ts';
export { addDivisions, loadDivisions } from './load-edition.ts';
export { type DivisionRoutes, registerDivision } from './routes.ts';

/** What /api/division answers, for the portal. */
export type DivisionTreePage = Awaited<ReturnType<typeof childrenOf>>;
export type DivisionView = Awaited<ReturnType<typeof describeDivision>>;
export type FoundDivisions = Awaited<ReturnType<typeof findDivisions>>;
