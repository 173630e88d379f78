import type { ExportRequest, FileKey } from './export-request.ts';
import type { Walk, WalkScope } from './walk.ts';
import { walkChanges, walkType } from './walk-all.ts';
import { walkDeleted } from './walk-deleted.ts';
import { walkMatches } from './walk-matches.ts';
import { walkMemberResources, walkMembers } from './walk-members.ts';

/** A part of an export that one walk brings. */
export interface Section {
  key: FileKey;
  /** Shown while it is under way. */
  title: string;
  /** The resources of a whole type are counted ahead. */
  countedType?: string;
  walk(scope: WalkScope): Walk;
}

/** The parts of an export in their order, the same whenever it is asked for. */
export function sectionsOf(request: ExportRequest): Section[] {
  const sections = request.types.map((type) => outputOf(request, type));
  if (request.since === undefined) return sections;
  const deleted = request.types.map((type): Section => {
    const key: FileKey = { kind: 'deleted', type: 'Bundle' };
    return { key, title: `deleted ${type}`, walk: (scope) => walkDeleted(scope, type) };
  });
  return [...sections, ...deleted];
}

function outputOf({ typeFilters, since }: ExportRequest, type: string): Section {
  const filters = typeFilters[type];
  const key: FileKey = { kind: 'output', type };
  if (filters) return { key, title: type, walk: (scope) => walkMatches(scope, type, filters) };
  const walk = (scope: WalkScope): Walk => {
    if (scope.members === 'noted') return type === 'Patient' ? walkMembers(scope) : walkMemberResources(scope, type);
    return since === undefined ? walkType(scope, type) : walkChanges(scope, type);
  };
  return { key, title: type, walk, ...(since === undefined && { countedType: type }) };
}
