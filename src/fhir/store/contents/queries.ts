import { Int8Column } from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';
import { type Connection, rowColumns, type StoredRow, toRow } from '../queries.ts';

/** The current versions of these resources, whoever may see them; those that are deleted are left out. */
export async function selectCurrent(connection: Connection, rids: Iterable<number>): Promise<StoredRow[]> {
  const column = new Int8Column();
  for (const rid of rids) column.push(rid);
  const rows = await run(
    connection,
    'store-current',
    `select ${rowColumns} from fhir.resource where rid = any ($1::int8[]) and content is not null`,
    [column.toBuffer()],
  );
  return rows.map(toRow);
}
