import { typeOfRid } from '#fhir/store/index.ts';
import type { Named } from './consent.ts';
import type { ConsentDependencies } from './dependencies.ts';
import { displayOf, toResource } from './dependencies.ts';
import { type NamedRow, selectProxies, selectResources, selectWards } from './queries.ts';

export interface ProxyView extends Named {
  /** By a mandate, or because the record knows them as a parent. */
  readonly by: 'mandate' | 'parent';
  readonly consent: string | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** Who may act for a resident now, and for whom the resident may act. */
export async function proxiesOf(
  deps: ConsentDependencies,
  patient: { readonly rid: number },
): Promise<{ readonly proxies: ProxyView[]; readonly wards: ProxyView[] }> {
  const at = deps.now() * 1000;
  const [proxies, wards] = await Promise.all([
    selectProxies(deps.pool, patient.rid, at),
    selectWards(deps.pool, patient.rid, at),
  ]);
  const { nameOf, referenceOf } = await namesFor(
    deps,
    [...proxies, ...wards].flatMap(({ rid, source }) => [rid, source]),
  );
  const view = ({ rid, source, low, high }: (typeof proxies)[number]): ProxyView => ({
    ...nameOf(rid),
    by: referenceOf(source)?.startsWith('Consent/') ? 'mandate' : 'parent',
    consent: referenceOf(source)?.startsWith('Consent/') ? referenceOf(source)?.slice('Consent/'.length) : undefined,
    from: instant(low),
    until: instant(high),
  });
  return { proxies: proxies.map(view), wards: wards.map(view) };
}

/** An ISO time of microseconds since 1970; undefined for what has no bound. */
export function instant(microseconds: number): string | undefined {
  const at = new Date(microseconds / 1000);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The references and names of resources by their numbers. */
export async function namesFor(
  { pool }: Pick<ConsentDependencies, 'pool'>,
  rids: readonly number[],
): Promise<{ nameOf(rid: number): Named; referenceOf(rid: number): string | undefined }> {
  const rows = await selectResources(pool, [...new Set(rids)]);
  const known = new Map(rows.map((row) => [row.rid, toNamed(row)]));
  return {
    nameOf: (rid) => known.get(rid) ?? { reference: '', display: '' },
    referenceOf: (rid) => known.get(rid)?.reference,
  };
}

function toNamed({ rid, id, content }: NamedRow): Named {
  const reference = `${typeOfRid(rid)}/${id}`;
  return { reference, display: (content === null ? undefined : displayOf(toResource(content))) ?? reference };
}
