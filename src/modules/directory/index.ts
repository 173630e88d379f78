import type { findNear } from './find-near.ts';
import type { describeOrganization, findOrganizations, findStaff } from './find-organizations.ts';
import type { describePractitioner, findPractitioners } from './find-practitioners.ts';
import type { printVocabulary } from './vocabulary.ts';

export { branchToEdit, divisionOfOrganization } from './branch.ts';
export type { Directory } from './dependencies.ts';
export type { Finding } from './grade/check-grade.ts';
export type { GradeReport } from './grade/grade-of.ts';
export { type ImportKind, importKinds } from './import/columns.ts';
export { type ImportedRow, importDirectory } from './import/import-directory.ts';
export type { PrintedInstitution } from './organization.ts';
export type { Standing, VisibleDoctors } from './routes.ts';
export { registerDirectory } from './routes.ts';
export { directoryParameters, installSearchParameters } from './search-parameters.ts';

/** What /api/directory answers, for the portal. */
export type OrganizationPage = Awaited<ReturnType<typeof findOrganizations>>;
export type OrganizationView = Awaited<ReturnType<typeof describeOrganization>>;
export type StaffPage = Awaited<ReturnType<typeof findStaff>>;
export type PractitionerPage = Awaited<ReturnType<typeof findPractitioners>>;
export type PractitionerView = Awaited<ReturnType<typeof describePractitioner>>;
export type NearView = Awaited<ReturnType<typeof findNear>>;
export type VocabularyView = ReturnType<typeof printVocabulary>;
