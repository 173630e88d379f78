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
