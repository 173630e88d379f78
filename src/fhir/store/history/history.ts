import { Int2Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { resourceTypeNumber, resourceTypes } from '../../definitions/index.ts';
import type { Connection, StoredRow } from '../queries.ts';
import {
  countVersions,
  type HistoryPosition,
  type HistoryRange,
  type HistoryRows,
  selectHistory,
  selectHistoryOf,
} from './queries.ts';

export interface HistoryPage {
  /** Newest first; of the same instant, the resource stored last first. */
  rows: StoredRow[];
  /** Where the next page starts; undefined on the last. */
  next: HistoryPosition | undefined;
}

export type HistoryRequest = HistoryRange;

export interface History {
  ofResource(connection: Connection, type: string, id: string, request: HistoryRequest): Promise<HistoryPage>;
  /** Of several resources in one; those that do not exist are left out. */
  ofResources(
    connection: Connection,
    resources: readonly { type: string; id: string }[],
    request: HistoryRequest,
  ): Promise<HistoryPage>;
  ofType(connection: Connection, type: string, request: HistoryRequest): Promise<HistoryPage>;
  ofSystem(connection: Connection, request: HistoryRequest): Promise<HistoryPage>;
  /** How many versions of a resource there are, its deletions included. */
  countVersions(connection: Connection, rid: number): Promise<number>;
}

async function readPage(found: Promise<HistoryRows>): Promise<HistoryPage> {
  const { rows, hasMore } = await found;
  const last = rows.at(-1);
  return { rows, next: hasMore && last ? { updated: last.updated, rid: last.rid, version: last.version } : undefined };
}

function nameColumns(resources: readonly { type: string; id: string }[]): readonly [TextColumn, Int2Column] {
  const columns = [new TextColumn(), new Int2Column()] as const;
  for (const { type, id } of resources) {
    columns[0].push(id);
    columns[1].push(resourceTypeNumber(type));
  }
  return columns;
}

const allTypes = resourceTypes.map(resourceTypeNumber);

export function createHistory(): History {
  const ofResources: History['ofResources'] = (connection, resources, request) =>
    readPage(selectHistoryOf(connection, nameColumns(resources), request));
  const ofTypes = (connection: Connection, types: number[], request: HistoryRequest) =>
    readPage(selectHistory(connection, types, request));
  return {
    ofResource: (connection, type, id, request) => ofResources(connection, [{ type, id }], request),
    ofResources,
    ofType: (connection, type, request) => ofTypes(connection, [resourceTypeNumber(type)], request),
    countVersions,
    ofSystem: (connection, request) => ofTypes(connection, allTypes, request),
  };
}
