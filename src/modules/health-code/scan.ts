import { createHash, randomBytes } from 'node:crypto';
import type { Access, TrailEntry } from '#fhir/access/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { resolvePatient } from '#modules/patient-index/index.ts';
import { type CodeClaims, looksLikeCode, type Scope } from './code.ts';
import type { HealthCodeDependencies } from './dependencies.ts';
import { stepOf } from './digits.ts';
import { openHandle } from './handle.ts';
import { handleKey } from './holder.ts';
import { keyDocument } from './keys.ts';
import { type Place, requirePlace } from './policy.ts';
import {
  type Account,
  countMisses,
  findDigits,
  insertMiss,
  insertToken,
  insertUse,
  isTakenBy,
  lockAccount,
  redeem,
  selectAccount,
  selectPaper,
  spendDigits,
} from './queries.ts';
import { type Refusal, RefusedCode } from './refusal.ts';
import { checkTime, type KeyDocument, verifySignature } from './verify.ts';

/** Who came, as far as the code says it. */
export interface ScannedPerson {
  /** Of the Patient. */
  readonly id: string;
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string;
}

export interface ScanView {
  readonly place: Place;
  readonly scopes: readonly Scope[];
  /** With it, whoever scanned opens what the scopes say, until it ends. */
  readonly token: string;
  readonly ends: string;
  /** Only with the scope `identity`. */
  readonly person?: ScannedPerson;
}

/** Half an hour at the counter. */
const tokenMs = 30 * 60_000;
/** Codes that were taken without a network come in within a day; their handles are remembered for two. */
const rememberMs = 48 * 3600_000;
const offlineMs = 24 * 3600_000;
const mostMisses = 10;
const missMs = 10 * 60_000;

interface Presented {
  readonly account: number;
  readonly handle: string;
  readonly kind: CodeClaims['kind'] | 'digits';
  readonly scopes: readonly Scope[] | undefined;
}

type Outcome = { readonly view: ScanView } | { readonly reason: Refusal };

export interface ScanInput {
  readonly code: string;
  readonly place: Place;
  /** When a receiver without a network took it; undefined for now. Milliseconds since 1970 UTC. */
  readonly takenAt?: number;
}

/**
 * Takes a code: says who came and mints a token for what it opens here. A code is taken once, of two terminals at once by one;
 * a refusal is told to the holder, too. Fails with RefusedCode.
 */
export async function scan(deps: HealthCodeDependencies, access: Access, input: ScanInput): Promise<ScanView> {
  requirePlace(access, input.place);
  const document = await keyDocument(deps);
  const outcome = await inTransaction(deps.pool, (transaction) => take(deps, transaction, document, access, input));
  if ('view' in outcome) return outcome.view;
  throw new RefusedCode(outcome.reason);
}

async function take(
  deps: HealthCodeDependencies,
  transaction: Transaction,
  document: KeyDocument,
  access: Access,
  input: ScanInput,
): Promise<Outcome> {
  const at = deps.now();
  const found = await (looksLikeCode(input.code)
    ? presentedCode(deps, transaction, document, input)
    : presentedDigits(deps, transaction, access, input));
  if ('reason' in found && found.presented === undefined) {
    await deps.trail.write(transaction, [refusedEntry(access, at, [], found.reason)]);
    return { reason: found.reason };
  }
  const { presented } = found;
  const account = presented && (await lockAccount(transaction, presented.account));
  if (!presented || !account) return { reason: 'forged' };
  const patient = await resolvePatient(transaction, account.patient);
  const reason = ('reason' in found ? found.reason : undefined) ?? (await refusalOf(transaction, account, patient));
  const scopes = scopesOf(access, input.place, presented, account);
  const refusal =
    reason ?? (scopes.length === 0 ? 'not-consented' : await takeOnce(transaction, access, presented, input, at));
  const { actor } = access;
  await insertUse(transaction, account.number, {
    ...{ at, place: input.place, kind: presented.kind, actor: actor.reference, display: actor.display },
    ...{ organization: actor.organization, scopes: refusal ? [] : scopes, refusal },
  });
  if (refusal) {
    await deps.trail.write(transaction, [refusedEntry(access, at, [patient], refusal)]);
    return { reason: refusal };
  }
  const token = randomBytes(32).toString('base64url');
  const ends = at + tokenMs;
  await insertToken(transaction, hashOf(token), {
    ...{ account: account.number, patient, scopes, ends, actor: actor.reference, organization: actor.organization },
  });
  await deps.trail.write(transaction, [
    {
      ...{ actor, at, action: 'E', interaction: 'health-code.scanned', outcome: '0' },
      ...{ entities: [{ type: 'Patient', id: patient }], patients: [patient] },
      detail: `${input.place}, ${presented.kind}: ${scopes.join(' ')}`,
    },
  ]);
  const person = scopes.includes('identity') ? await personOf(deps, transaction, patient) : undefined;
  const view = { place: input.place, scopes, token, ends: new Date(ends).toISOString(), ...(person && { person }) };
  return { view };
}

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const refusedEntry = (access: Access, at: number, patients: readonly string[], reason: Refusal): TrailEntry => ({
  ...{ actor: access.actor, at, action: 'E', interaction: 'health-code.scanned', outcome: '4', detail: reason },
  ...{ entities: patients.map((id) => ({ type: 'Patient', id })), patients },
});

type Found =
  | { readonly presented: Presented }
  | { readonly reason: Refusal; readonly presented?: Presented | undefined };

async function presentedCode(
  deps: HealthCodeDependencies,
  transaction: Transaction,
  document: KeyDocument,
  { code, takenAt }: ScanInput,
): Promise<Found> {
  const verdict = verifySignature(code, document);
  if (!verdict.isTaken) return { reason: verdict.reason };
  const { claims } = verdict;
  const { kind, handle, scopes } = claims;
  if (kind === 'paper') {
    const paper = await selectPaper(transaction, handle);
    if (!paper) return { reason: 'revoked' };
    const presented = { account: paper.account, handle, kind, scopes };
    if (takenAt !== undefined) return { presented, reason: 'needs-network' };
    return paper.revoked === undefined ? { presented } : { presented, reason: 'revoked' };
  }
  const presented = { account: openHandle(handleKey(deps), handle), handle, kind, scopes };
  const reason = checkTime(claims, takenAt ?? deps.now(), deps.settings.toleranceSeconds);
  return reason ? { presented, reason } : { presented };
}

/** Digits can be guessed: whoever types wrong ones too often has to wait. */
async function presentedDigits(
  deps: HealthCodeDependencies,
  transaction: Transaction,
  { actor }: Access,
  { code, takenAt }: ScanInput,
): Promise<Found> {
  const digits = code.replaceAll(/[\s-]/g, '');
  if (takenAt !== undefined || !/^\d{8}$/.test(digits)) return { reason: 'unreadable' };
  const now = deps.now();
  if ((await countMisses(transaction, actor.reference, now - missMs)) >= mostMisses) {
    throw new Failure('throttled', 'Too many wrong digits. Scan the code, or wait ten minutes.');
  }
  const steps = [stepOf(now), stepOf(now) - 1, stepOf(now) - 2];
  const shown = await findDigits(transaction, digits, steps);
  if (!shown || shown.issued < now - deps.settings.toleranceSeconds * 1000) {
    await insertMiss(transaction, actor.reference, now, now - missMs);
    return { reason: 'unknown' };
  }
  const presented = { account: shown.account, handle: shown.handle, kind: 'digits', scopes: undefined } as const;
  return shown.isUsed ? { presented, reason: 'replayed' } : { presented };
}

/** Frozen under this id, or under that of the person who stands for it since a merge. */
async function refusalOf(
  transaction: Transaction,
  { patient: own, frozen }: Account,
  patient: string,
): Promise<Refusal | undefined> {
  if (frozen !== undefined) return 'frozen';
  if (own === patient) return undefined;
  return (await selectAccount(transaction, patient))?.frozen === undefined ? undefined : 'frozen';
}

/** What the code says, what the holder allows now, and what is opened at this place: all three. */
function scopesOf(access: Access, place: Place, presented: Presented, account: Account): readonly Scope[] {
  const { opens, needs } = requirePlace(access, place);
  const { scopes: said } = presented;
  const open = opens.filter((scope) => account.scopes.includes(scope) && (said?.includes(scope) ?? true));
  return needs.some((scope) => open.includes(scope)) ? open : [];
}

async function takeOnce(
  transaction: Transaction,
  { actor }: Access,
  { kind, handle }: Presented,
  { takenAt }: ScanInput,
  now: number,
): Promise<Refusal | undefined> {
  // Paper is shown again and again.
  if (kind === 'paper') return undefined;
  const at = takenAt ?? now;
  const taken = { handle, actor: actor.reference, at };
  await spendDigits(transaction, handle, [stepOf(at), stepOf(at) - 1, stepOf(at) - 2]);
  return (await redeem(transaction, { ...taken, forgetAt: now + rememberMs })) ? undefined : 'replayed';
}

async function personOf(
  { store }: HealthCodeDependencies,
  transaction: Transaction,
  id: string,
): Promise<ScannedPerson> {
  const row = await store.read(transaction, 'Patient', id);
  if (!row?.content || row.method === method.delete) throw new Failure('not-found', `There is no Patient/${id}.`);
  const patient = parseJson(row.content);
  if (!isJsonObject(patient)) throw new Error('A stored resource is no object');
  const { gender, birthDate } = patient;
  return { id, name: nameOf(patient), sex: `${gender ?? 'unknown'}`, birthDate: `${birthDate ?? ''}` };
}

function nameOf({ name }: JsonObject): string {
  const names = Array.isArray(name) ? name.filter(isJsonObject) : [];
  const chosen = names.find(({ use }) => use === 'official') ?? names[0];
  if (typeof chosen?.text === 'string') return chosen.text;
  const given = Array.isArray(chosen?.given) ? chosen.given : [];
  return [...given, chosen?.family].filter((part) => typeof part === 'string').join(' ');
}

export interface SyncRow {
  readonly code: string;
  readonly isTaken: boolean;
  readonly reason?: Refusal;
}

/**
 * Codes that a receiver took without a network, in the order in which it took them: what others had taken before is refused
 * here, and the report says so. Sending the same list again gives the same report.
 */
export async function sync(
  deps: HealthCodeDependencies,
  access: Access,
  { place, codes }: { place: Place; codes: readonly { readonly code: string; readonly takenAt: number }[] },
): Promise<SyncRow[]> {
  requirePlace(access, place);
  const rows: SyncRow[] = [];
  for (const { code, takenAt } of codes) rows.push(await syncOne(deps, access, { code, place, takenAt }));
  return rows;
}

async function syncOne(
  deps: HealthCodeDependencies,
  access: Access,
  input: ScanInput & { readonly takenAt: number },
): Promise<SyncRow> {
  const { code, takenAt } = input;
  const now = deps.now();
  if (takenAt < now - offlineMs) return { code, isTaken: false, reason: 'expired' };
  if (takenAt > now + deps.settings.toleranceSeconds * 1000) return { code, isTaken: false, reason: 'not-yet' };
  const verdict = verifySignature(code, await keyDocument(deps));
  const handle = verdict.claims?.handle ?? '';
  if (await isTakenBy(deps.pool, { handle, actor: access.actor.reference, at: takenAt }))
    return { code, isTaken: true };
  try {
    await scan(deps, access, input);
    return { code, isTaken: true };
  } catch (error) {
    if (error instanceof RefusedCode) return { code, isTaken: false, reason: error.reason };
    throw error;
  }
}
