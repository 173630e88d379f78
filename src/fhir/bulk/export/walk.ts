import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../../definitions/index.ts';
import type { Restriction, Search } from '../../search/index.ts';
import { typeOfRid } from '../../store/index.ts';
import { patientsOf } from './compartment.ts';
import { type ExportRow, type Instants, selectMemberIds } from './queries.ts';

/** Where a walk goes on: plain JSON. */
export type Position = readonly (string | number)[];

export interface Page {
  /** JSON texts, a line each. */
  contents: string[];
  /** Undefined at the end. */
  next: Position | undefined;
}

/** Gives what is to be exported, a page at a time, from the start or a position. */
export type Walk = (position: Position | undefined) => Promise<Page>;

export interface WalkDependencies {
  pool: Pool;
  search: Pick<Search, 'search' | 'findMatches' | 'readable'>;
  /** Without a trailing slash: references that begin with it are to resources of this server. */
  baseUrl: string;
}

/** What all walks of an export have in common. */
export interface WalkScope extends WalkDependencies {
  exportId: string;
  instants: Instants;
  /** Who is exported: everything, what belongs to any patient, or to those noted for this export. */
  members: 'all' | 'any-patient' | 'noted';
  /** What whoever exports may read; undefined for everything. */
  restriction: Restriction | undefined;
}

/** Those rows that whoever exports may read. */
export async function readableRows<Row extends { rid: number }>(
  { pool, search, restriction }: WalkScope,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!restriction || rows.length === 0) return rows;
  const placed = rows.map(({ rid }) => ({ rid, type: typeOfRid(rid) ?? '' }));
  const readable = await search.readable(pool, restriction, placed);
  return rows.filter(({ rid }) => readable.has(rid));
}

/** At most so many rows at a time, and about so many bytes: a few large resources must not fill the memory. */
export const pageLimits = { count: 1000, byteLength: 2 * 1024 * 1024 };

export const patientNumber = resourceTypeNumber('Patient');

/** The contents among rows that belong to the export, by the index where it speaks of their version, or by themselves. */
export function memberContents({ members, baseUrl }: WalkScope, type: string, rows: readonly ExportRow[]): string[] {
  return rows.flatMap(({ content, isMember, isNewest }) => {
    if (content === undefined) return [];
    if (members === 'all' || (isNewest && isMember)) return [content];
    return !isNewest && patientsOf(type, parse(content), baseUrl).length > 0 ? [content] : [];
  });
}

/** Which of some resources belong to the noted patients. */
export async function notedMembers(
  { pool, exportId, baseUrl }: WalkScope,
  type: string,
  contents: readonly string[],
): Promise<boolean[]> {
  const patients = contents.map((content) => patientsOf(type, parse(content), baseUrl));
  const ids = [...new Set(patients.flat())];
  const members = new Set(ids.length > 0 ? await selectMemberIds(pool, exportId, patientNumber, ids) : []);
  return patients.map((own) => own.some((id) => members.has(id)));
}

const parse = (content: string): JsonObject => parseJson(content) as JsonObject;
