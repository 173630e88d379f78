import type { Transaction } from '#lib/postgres/pool.ts';
import type { Connection } from '../../../store/index.ts';

/** Deleted resources of a type, in the order of their deletion; one more than asked for tells that there are more. */
export async function selectDeleted(connection: Connection, type: number, count: number): Promise<string[]> {
  const { rows } = await connection.query<[string]>({
    name: 'expunge-deleted',
    text: 'select id from fhir.resource where type = $1 and method = 3 order by updated, rid limit $2',
    values: [type, count],
    rowMode: 'array',
  });
  return rows.map(([id]) => id);
}

export interface SupersededVersion {
  version: number;
  content: string | null;
}

/** Superseded versions of a resource after a version; of all, or only these. */
export async function selectSuperseded(
  transaction: Transaction,
  rid: number,
  versions: readonly number[] | null,
  { after, count }: { after: number; count: number },
): Promise<SupersededVersion[]> {
  const { rows } = await transaction.query<[number, string | null]>({
    name: 'expunge-superseded',
    text: `select version, content from fhir.resource_history
           where rid = $1 and version > $3 and ($2::int4[] is null or version = any ($2))
           order by version limit $4`,
    values: [rid, versions, after, count],
    rowMode: 'array',
  });
  return rows.map(([version, content]) => ({ version, content }));
}

export async function deleteSuperseded(
  transaction: Transaction,
  rid: number,
  versions: readonly number[],
): Promise<void> {
  await transaction.query({
    name: 'expunge-versions',
    text: `with issue as (delete from fhir.validation_issue where rid = $1 and version = any ($2::int4[]))
           delete from fhir.resource_history where rid = $1 and version = any ($2::int4[])`,
    values: [rid, versions],
  });
}

/**
 * What is left of a resource: the number, the type and the id to which others refer. Its version goes on from here, so that
 * an ETag of before never means something new.
 */
export async function emptyResource(transaction: Transaction, rid: number): Promise<void> {
  await transaction.query({
    name: 'expunge-resource',
    text: `with issue as (delete from fhir.validation_issue where rid = $1)
           update fhir.resource set method = 0, content = null where rid = $1`,
    values: [rid],
  });
}

/** Texts of the dictionary under these keys that no resource has any more. */
export async function deleteUnusedTexts(transaction: Transaction, keys: readonly bigint[]): Promise<void> {
  await transaction.query({
    name: 'expunge-texts',
    text: `delete from fhir.token_text x where x.key = any ($1::int8[])
           and not exists (select from fhir.token t where t.key = x.key)`,
    values: [keys],
  });
}

/** Answers kept for repeated requests that speak of a resource, at most those of a day. */
export async function deleteAnswersAbout(transaction: Transaction, name: string): Promise<void> {
  await transaction.query({
    name: 'expunge-answers',
    text: `delete from fhir.idempotency_key where position ($1 in answer) > 0`,
    values: [`${name}/_history/`],
  });
}
