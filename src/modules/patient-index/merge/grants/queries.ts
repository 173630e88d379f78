import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

interface Pair {
  readonly source: number;
  readonly target: number;
}

const columns = 'key, source, low, high, data_low, data_high';

/** Whoever stands in a relationship to the source stands in it to the survivor; notes which, and whether they did before. */
export async function shareGrants(transaction: Transaction, merge: number, { source, target }: Pair): Promise<void> {
  await run(
    transaction,
    'merge-share-grants',
    `with own as (
       select ${columns} from fhir.access_grant where patient = $2
     ), noted as (
       insert into patient_index.merge_grant (merge, key, source, was_shared)
       select $1, o.key, o.source, exists (
         select from fhir.access_grant t where t.patient = $3 and t.key = o.key and t.source = o.source
       ) from own o
     )
     insert into fhir.access_grant (patient, ${columns}) select $3, ${columns} from own on conflict do nothing`,
    [merge, source, target],
  );
}

/**
 * Gives the source its relationships back as they stand at the survivor: what was closed since stays closed. Run once the
 * resources that open them are back.
 */
export async function returnGrants(transaction: Transaction, merge: number, { source, target }: Pair): Promise<void> {
  await run(
    transaction,
    'merge-close-grants',
    `delete from fhir.access_grant g using patient_index.merge_grant m
     where m.merge = $1 and g.patient = $2 and g.key = m.key and g.source = m.source
       and not exists (select from fhir.access_grant t where t.patient = $3 and t.key = m.key and t.source = m.source)
       and not exists (select from patient_index.merge_item i where i.merge = m.merge and i.rid = m.source)`,
    [merge, source, target],
  );
  await run(
    transaction,
    'merge-return-grants',
    `insert into fhir.access_grant (patient, ${columns})
     select $2, g.key, g.source, g.low, g.high, g.data_low, g.data_high
     from patient_index.merge_grant m join fhir.access_grant g on g.patient = $3 and g.key = m.key and g.source = m.source
     where m.merge = $1
     on conflict (key, patient, source) do update
     set low = excluded.low, high = excluded.high, data_low = excluded.data_low, data_high = excluded.data_high`,
    [merge, source, target],
  );
  await run(
    transaction,
    'merge-drop-shared-grants',
    `delete from fhir.access_grant g using patient_index.merge_grant m
     where m.merge = $1 and not m.was_shared and g.patient = $2 and g.key = m.key and g.source = m.source`,
    [merge, target],
  );
}

/** Relationships that these resources open go with them. */
export async function moveGrantsOf(
  transaction: Transaction,
  { from, to }: { from: number; to: number },
  rids: readonly number[],
): Promise<void> {
  await run(
    transaction,
    'merge-move-grants',
    `with gone as (
       delete from fhir.access_grant where patient = $1 and source = any ($3::int8[]) returning ${columns}
     )
     insert into fhir.access_grant (patient, ${columns}) select $2, ${columns} from gone on conflict do nothing`,
    [from, to, rids],
  );
}
