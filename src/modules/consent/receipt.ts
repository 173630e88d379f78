import { createHash } from 'node:crypto';
import { type Access, consentDenial, consentGrant, type GrantKind, grantKinds } from '#fhir/access/index.ts';
import type { Named } from './consent.ts';
import type { ConsentDependencies, Found } from './dependencies.ts';
import { instant, namesFor } from './proxies.ts';
import { selectOpenIn } from './queries.ts';

/** One reason for which a party could see a record, or not. */
export interface ReceiptLine {
  readonly party: Named;
  /** `opened` and `closed`: by consent, what is in `category`. */
  readonly why: GrantKind | 'opened' | 'closed';
  readonly category: string | undefined;
  /** What brought it about: `Encounter/1`, `Consent/1`; undefined where it is gone. */
  readonly because: string | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly dataFrom: string | undefined;
  readonly dataUntil: string | undefined;
}

export interface Receipt {
  readonly patient: Named;
  readonly day: string;
  readonly from: string;
  readonly until: string;
  readonly madeAt: string;
  readonly madeFor: Named;
  readonly lines: readonly ReceiptLine[];
  /** There are more than the lines shown. */
  readonly isCut: boolean;
  /** SHA-256 of the receipt without this member, as JSON; the trail holds it, too. */
  readonly sha256: string;
}

const mostLines = 2000;

/**
 * Who could see a record on a day, and why: from the grants that stood and held at some time of it, whatever came of them
 * since. `offset` is that of the day's zone, such as +08:00.
 */
export async function receiptOf(
  deps: ConsentDependencies,
  { actor }: Access,
  { patient, day, offset }: { readonly patient: Found; readonly day: string; readonly offset: string },
): Promise<Receipt> {
  const begin = Date.parse(`${day}T00:00:00${offset}`);
  const end = begin + 86_400_000;
  const asked = { patient: patient.rid, from: begin * 1000, until: end * 1000, limit: mostLines + 1 };
  const grants = await selectOpenIn(deps.pool, asked);
  const shown = grants.slice(0, mostLines);
  const { nameOf, referenceOf } = await namesFor(
    deps,
    shown.flatMap(({ party, source }) => [party, source]),
  );
  const codes = new Map(deps.categories.list.map(({ number, code }) => [number, code]));
  const lines = shown.map((grant): ReceiptLine => {
    const { why, category } = meaningOf(grant.kind);
    return {
      party: grant.party === 0 ? { reference: 'everybody', display: 'everybody' } : nameOf(grant.party),
      why,
      category: category === undefined ? undefined : codes.get(category),
      because: referenceOf(grant.source),
      from: instant(grant.from),
      until: instant(grant.until),
      dataFrom: grant.dataLow === undefined ? undefined : instant(grant.dataLow),
      dataUntil: grant.dataHigh === undefined ? undefined : instant(grant.dataHigh),
    };
  });
  const content = {
    patient: { reference: patient.reference, display: patient.display },
    day,
    from: new Date(begin).toISOString(),
    until: new Date(end).toISOString(),
    madeAt: new Date(deps.now()).toISOString(),
    madeFor: { reference: actor.reference, display: actor.display },
    lines,
    isCut: grants.length > mostLines,
  };
  const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  deps.trail.note({
    actor,
    at: deps.now(),
    action: 'R',
    interaction: 'consent.receipt',
    outcome: '0',
    entities: [{ type: 'Patient', id: patient.reference.slice('Patient/'.length) }],
    patients: [patient.reference.slice('Patient/'.length)],
    detail: `day=${day} sha256=${sha256}`,
  });
  return { ...content, sha256 };
}

const kindNames = Object.keys(grantKinds).filter((name): name is GrantKind => Object.hasOwn(grantKinds, name));
const kinds = new Map<number, GrantKind>(kindNames.map((name) => [grantKinds[name], name]));

function meaningOf(kind: number): { why: ReceiptLine['why']; category?: number } {
  if (kind >= consentDenial(0)) return { why: 'closed', category: kind - consentDenial(0) };
  if (kind >= consentGrant(0)) return { why: 'opened', category: kind - consentGrant(0) };
  return { why: kinds.get(kind) ?? 'custodian' };
}
