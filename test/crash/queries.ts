import type pg from 'pg';

export interface Version {
  rid: string;
  type: number;
  id: string;
  version: number;
  updated: number;
  method: number;
  content: string | null;
}

/** Whether the database takes questions: it does not while it recovers. */
export const answers = (pool: pg.Pool): Promise<boolean> =>
  pool.query('select').then(
    () => true,
    () => false,
  );

/** Every version that the database holds, each resource's from the first to the last. */
export async function selectVersions(pool: pg.Pool): Promise<Version[]> {
  const { rows } = await pool.query<Version>(
    `select rid, type, id, version, updated::float8 as updated, method, content from fhir.resource where method <> 0
     union all
     select rid, type, id, version, updated::float8, method, content from fhir.resource_history
     order by rid, version`,
  );
  return rows;
}
