import { grantKey } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { searchParameter, tokenKey } from '#fhir/indexing/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

export interface FoundParty {
  readonly kind: 'self' | 'institution' | 'division';
  readonly rid: number;
  readonly reference: string;
}

const pathOf = (code: string): number => searchParameter('Organization', code)?.branches[0]?.path ?? 0;
const ridsPerPath = 2n ** 44n;
const partOf = BigInt(pathOf('partof')) * ridsPerPath;
const typeKey = (code: string): bigint =>
  tokenKey(pathOf('type'), 'http://terminology.hl7.org/CodeSystem/organization-type', code);

const is = (row: string, key: string): string =>
  `exists (select from fhir.token k where k.key = ${key} and k.rid = ${row} offset 0)`;

/**
 * Oneself; the institution: from the organisation up as long as it is a department (organization-type `dept`), and from there
 * down through departments; the division: everything below the lowest authority (`govt`) above the institution.
 */
const parties = `
with recursive self as (
  select rid from fhir.resource where type = $1::int2 and id = $2 and method not in (0, 3)
), climb (rid, depth) as (
  select rid, 0 from fhir.resource where type = $3::int2 and id = $4 and method not in (0, 3)
  union
  select (f.key & $6::int8), c.depth + 1
  from climb c cross join lateral (
    select key from fhir.reference where rid = c.rid and key between $5::int8 and $5::int8 + $6::int8 offset 0
  ) f
  where c.depth < 12 and ${is('c.rid', '$7::int8')}
), top as (
  select rid from climb order by depth desc limit 1
), institution (rid, depth) as (
  select rid, 0 from top
  union
  select f.rid, i.depth + 1
  from institution i cross join lateral (select rid from fhir.reference where key = $5::int8 + i.rid offset 0) f
  where i.depth < 12 and ${is('f.rid', '$7::int8')}
), above (rid, depth, is_authority) as (
  select rid, 0, ${is('top.rid', '$8::int8')} from top
  union
  select (f.key & $6::int8), a.depth + 1, ${is('(f.key & $6::int8)', '$8::int8')}
  from above a cross join lateral (
    select key from fhir.reference where rid = a.rid and key between $5::int8 and $5::int8 + $6::int8 offset 0
  ) f
  where a.depth < 12 and not a.is_authority
), authority as (
  select rid from above where is_authority order by depth limit 1
), branch (rid) as (
  select rid from authority
  union
  select f.rid from branch b cross join lateral (select rid from fhir.reference where key = $5::int8 + b.rid offset 0) f
)
select 'self', rid from self
union all select distinct 'institution', rid from institution
union all (select 'division', rid from branch limit $9)`;

const named = `
select p.kind, p.rid, r.id, r.type from (${parties}) p (kind, rid) join fhir.resource r on r.rid = p.rid`;

export async function selectParties(
  pool: Pool,
  { reference, organization, most }: { reference: string; organization: string | undefined; most: number },
): Promise<FoundParty[]> {
  const [type = '', id = ''] = reference.split('/');
  const rows = await run<[FoundParty['kind'], string, string, number]>(pool, 'access.parties', named, [
    numberOf(type),
    id,
    resourceTypeNumber('Organization'),
    organization?.replace(/^Organization\//, '') ?? '',
    partOf,
    ridsPerPath - 1n,
    typeKey('dept'),
    typeKey('govt'),
    most,
  ]);
  return rows.map(([kind, rid, name, typeNumber]) => ({
    kind,
    rid: Number(rid),
    reference: `${typeNumber === resourceTypeNumber('Organization') ? 'Organization' : type}/${name}`,
  }));
}

/** Zero is the number of no type. */
function numberOf(type: string): number {
  return ['Practitioner', 'Patient', 'Device', 'Organization'].includes(type) ? resourceTypeNumber(type) : 0;
}

/** Steps from kind to kind: of one, a hospital may have a million grants. */
const kindsOfParties = `
with recursive party as (select unnest($1::int8[]) as base), step (base, kind) as (
  select base, (select key - base from fhir.access_grant where key between base and base + 255 order by key limit 1)
  from party
  union all
  select base, (select key - base from fhir.access_grant where key between base + kind + 1 and base + 255 order by key limit 1)
  from step where kind is not null
)
select distinct kind from step where kind is not null`;

/** Kinds of grants that there are for one of these, whenever they hold. */
export async function selectKinds(pool: Pool, parties: readonly { rid: number }[]): Promise<number[]> {
  const bases = parties.map(({ rid }) => grantKey(rid, 0));
  const rows = await run<[string]>(pool, 'access.kinds-of-parties', kindsOfParties, [bases]);
  return rows.map(([kind]) => Number(kind)).sort((one, other) => one - other);
}
