import { resourceTypeNumber, resourceTypes } from '../definitions/index.ts';
import {
  type Connection,
  type HistoryPosition,
  type StoredRow,
  selectHistory,
  selectResourceHistory,
} from './queries.ts';

export interface HistoryPage {
  /** Newest first. */
  rows: StoredRow[];
  /** Where the next page starts; undefined on the last. */
  next: HistoryPosition | undefined;
}

export interface HistoryRequest {
  count: number;
  /** Microseconds since 1970 UTC; versions from then on. */
  since?: number | undefined;
  after?: HistoryPosition | undefined;
}

export interface History {
  ofResource(connection: Connection, type: string, id: string, request: HistoryRequest): Promise<HistoryPage>;
  ofType(connection: Connection, type: string, request: HistoryRequest): Promise<HistoryPage>;
  ofSystem(connection: Connection, request: HistoryRequest): Promise<HistoryPage>;
}

function toPage(rows: StoredRow[], count: number): HistoryPage {
  if (rows.length <= count) return { rows, next: undefined };
  const page = rows.slice(0, count);
  const last = page.at(-1);
  return { rows: page, next: last && { updated: last.updated, rid: last.rid } };
}

const allTypes = resourceTypes.map(resourceTypeNumber);

export function createHistory(): History {
  const ofTypes = async (connection: Connection, types: number[], request: HistoryRequest) =>
    toPage(await selectHistory(connection, types, { ...request, count: request.count + 1 }), request.count);
  return {
    ofResource: async (connection, type, id, request) =>
      toPage(
        await selectResourceHistory(connection, resourceTypeNumber(type), id, { ...request, count: request.count + 1 }),
        request.count,
      ),
    ofType: (connection, type, request) => ofTypes(connection, [resourceTypeNumber(type)], request),
    ofSystem: (connection, request) => ofTypes(connection, allTypes, request),
  };
}
