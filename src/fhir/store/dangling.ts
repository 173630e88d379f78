import { Int8Column } from '#lib/postgres/binary-column.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import { allPaths, columnsOf } from './integrity.ts';
import { method } from './method.ts';
import { type Connection, selectAbsent, selectReferrers, selectRids } from './queries.ts';
import { nameOf } from './rid.ts';

export type Absence = 'never-written' | 'deleted';

/** A resource that is not there, with some of those that refer to it. */
export interface DanglingTarget {
  name: string;
  absence: Absence;
  sources: string[];
  /** More resources refer to it than are named. */
  hasMore: boolean;
}

export interface DanglingPage {
  targets: DanglingTarget[];
  /** Where the next page starts; undefined on the last. */
  next: number | undefined;
}

const sourcesPerTarget = 20;

const nameOfRow = ({ type, id }: { type: number; id: string }): string => nameOf(resourceTypeOfNumber(type) ?? '', id);

/** Which of these (`Patient/1`) are not there. */
export async function findAbsent(connection: Connection, names: ReadonlySet<string>): Promise<Map<string, Absence>> {
  if (names.size === 0) return new Map();
  const found = new Map((await selectRids(connection, ...columnsOf(names))).map((row) => [nameOfRow(row), row.method]));
  const absent = new Map<string, Absence>();
  for (const name of names) {
    const current = found.get(name);
    if (current === method.delete) absent.set(name, 'deleted');
    else if (current === undefined || current === method.placeholder) absent.set(name, 'never-written');
  }
  return absent;
}

/**
 * So many of the resources that are not there, in a fixed order, as far as others refer to them. A page may hold fewer,
 * and others follow nevertheless.
 */
export async function selectDangling(connection: Connection, after: number, count: number): Promise<DanglingPage> {
  const absent = await selectAbsent(connection, after, count + 1);
  const page = absent.slice(0, count);
  const targets: DanglingTarget[] = [];
  for (const row of page) {
    const rids = new Int8Column();
    rids.push(row.rid);
    const sources = await selectReferrers(connection, rids, allPaths(), sourcesPerTarget + 1);
    if (sources.length === 0) continue;
    targets.push({
      name: nameOfRow(row),
      absence: row.method === method.delete ? 'deleted' : 'never-written',
      sources: sources.slice(0, sourcesPerTarget).map(nameOfRow),
      hasMore: sources.length > sourcesPerTarget,
    });
  }
  return { targets, next: absent.length > count ? page.at(-1)?.rid : undefined };
}
