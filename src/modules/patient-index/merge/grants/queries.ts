import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

interface Pair {
  readonly source: number;
  readonly target: number;
}

/** Below all numbers that others draw: who kept the source's record keeps the survivor's. */
const custodySource = (merge: number): number => -(2 ** 50) - merge;

const columns = 'low, high, data_low, data_high';

/**
 * What is open to whom is projected from the resources that open it, and goes with them. The rest is given to the survivor,
 * too: what the Patient itself opens (to who manages the record), and what people opened (emergencies, cases), which is noted
 * with whether the survivor had it before.
 */
export async function shareGrants(transaction: Transaction, merge: number, { source, target }: Pair): Promise<void> {
  await run(
    transaction,
    'merge-share-grants',
    `with opened as (
       select key, source, ${columns} from fhir.access_grant where patient = $2 and source < 0
     ), noted as (
       insert into patient_index.merge_grant (merge, key, source, was_shared)
       select $1, o.key, o.source, exists (
         select from fhir.access_grant t where t.patient = $3 and t.key = o.key and t.source = o.source
       ) from opened o
     )
     insert into fhir.access_grant (patient, key, source, ${columns})
     select $3, key, source, ${columns} from opened
     union all
     select $3, key, $4, ${columns} from fhir.access_grant where patient = $2 and source = $2
     on conflict do nothing`,
    [merge, source, target, custodySource(merge)],
  );
}

/** Takes back what the survivor was given: as it stands now, since what was closed meanwhile stays closed. */
export async function returnGrants(transaction: Transaction, merge: number, { source, target }: Pair): Promise<void> {
  await run(
    transaction,
    'merge-close-grants',
    `delete from fhir.access_grant g using patient_index.merge_grant m
     where m.merge = $1 and g.patient = $2 and g.key = m.key and g.source = m.source
       and not exists (select from fhir.access_grant t where t.patient = $3 and t.key = m.key and t.source = m.source)`,
    [merge, source, target],
  );
  await run(
    transaction,
    'merge-return-grants',
    `insert into fhir.access_grant as g (patient, key, source, ${columns})
     select $2, t.key, t.source, t.low, t.high, t.data_low, t.data_high
     from patient_index.merge_grant m join fhir.access_grant t on t.patient = $3 and t.key = m.key and t.source = m.source
     where m.merge = $1
     on conflict (key, patient, source) do update
     set low = excluded.low, high = excluded.high, data_low = excluded.data_low, data_high = excluded.data_high
     where (g.low, g.high, g.data_low, g.data_high)
       is distinct from (excluded.low, excluded.high, excluded.data_low, excluded.data_high)`,
    [merge, source, target],
  );
  await run(
    transaction,
    'merge-drop-shared-grants',
    `delete from fhir.access_grant g
     where g.patient = $2 and (g.source = $3 or exists (
       select from patient_index.merge_grant m
       where m.merge = $1 and not m.was_shared and m.key = g.key and m.source = g.source
     ))`,
    [merge, target, custodySource(merge)],
  );
}
