import { createHmac, randomBytes } from 'node:crypto';
import type { Access, TrailEntry } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { type CodeClaims, scopes as everyScope, packClaims, paperScopes, printCode, type Scope } from './code.ts';
import { type HealthCodeDependencies, issuerIdOf } from './dependencies.ts';
import { digitsOf, stepOf, stepSeconds } from './digits.ts';
import { sealHandle } from './handle.ts';
import { signingKey } from './keys.ts';
import { decidePayment, type PaymentState, selectPayment, selectPayments } from './payment/queries.ts';
import {
  type Account,
  ensureAccount,
  forget,
  giveScope,
  insertPaper,
  keepDigits,
  lockAccount,
  mayActFor,
  revokePaper,
  revokeScope,
  selectAccount,
  selectPaperInForce,
  selectRid,
  selectUses,
  setFrozen,
} from './queries.ts';
import { refusals } from './refusal.ts';
import { signWith } from './signature.ts';
import { type HolderView, paymentView } from './view.ts';

/** Whose code it is: one's own, or that of somebody for whom one may act. Fails with `forbidden` for others. */
export async function holderOf(
  { pool, now }: Pick<HealthCodeDependencies, 'pool' | 'now'>,
  { actor }: Access,
  asked: string | undefined,
): Promise<string> {
  const refusal = new Failure('forbidden', 'Only the resident, or who acts for them, holds this code.');
  if (actor.role !== 'resident' || !actor.reference.startsWith('Patient/')) throw refusal;
  const own = actor.reference.slice('Patient/'.length);
  const patient = asked ?? own;
  if (patient === own) return own;
  const [proxyRid, patientRid] = [await selectRid(pool, 'Patient', own), await selectRid(pool, 'Patient', patient)];
  if (proxyRid === undefined || patientRid === undefined) throw refusal;
  if (!(await mayActFor(pool, proxyRid, patientRid, now()))) throw refusal;
  return patient;
}

const entryOf = ({ actor }: Access, patient: string, at: number, interaction: string, detail?: string): TrailEntry => ({
  ...{ actor, at, interaction, action: 'E', outcome: '0' },
  ...{ entities: [{ type: 'Patient', id: patient }], patients: [patient], detail },
});

/** What the holder sees: what the code may open, whether it is frozen, the paper, the uses, the payments that wait. */
export async function viewHolder(deps: HealthCodeDependencies, patient: string): Promise<HolderView> {
  const account = await selectAccount(deps.pool, patient);
  if (!account) return { patient, isOn: false, isFrozen: false, scopes: [], uses: [], payments: [] };
  const { number, frozen, scopes } = account;
  const paper = await selectPaperInForce(deps.pool, number);
  const uses = await selectUses(deps.pool, number);
  const payments = await selectPayments(deps.pool, number);
  return {
    patient,
    isOn: scopes.length > 0,
    isFrozen: frozen !== undefined,
    scopes: everyScope.filter((scope) => scopes.includes(scope)),
    ...(paper && { paper: { code: paper.code, made: new Date(paper.made).toISOString() } }),
    uses: uses.map(({ at, ...use }) => ({ ...use, at: new Date(at).toISOString() })),
    payments: payments.map((payment) => paymentView(payment, deps.now())),
  };
}

/** Gives what is new, takes back what is missing; at once, everywhere. */
export async function setScopes(
  deps: HealthCodeDependencies,
  access: Access,
  { patient, scopes }: { patient: string; scopes: readonly Scope[] },
): Promise<void> {
  await inTransaction(deps.pool, async (transaction) => {
    const account = await lockAccount(transaction, await ensureAccount(transaction, patient));
    if (!account) throw new Error('An account that was made is not there');
    const at = deps.now();
    const by = access.actor.reference;
    const given = scopes.filter((scope) => !account.scopes.includes(scope));
    const revoked = account.scopes.filter((scope) => !scopes.includes(scope));
    for (const scope of given) await giveScope(transaction, { account: account.number, scope, by, at });
    for (const scope of revoked) await revokeScope(transaction, { account: account.number, scope, by, at });
    if (given.length + revoked.length === 0) return;
    const detail = [...given.map((scope) => `+${scope}`), ...revoked.map((scope) => `-${scope}`)].join(' ');
    await deps.trail.write(transaction, [entryOf(access, patient, at, 'health-code.changed-scopes', detail)]);
  });
}

/** A frozen code opens nothing; what was opened by it before is closed, too. */
export async function freeze(
  deps: HealthCodeDependencies,
  access: Access,
  { patient, isFrozen }: { patient: string; isFrozen: boolean },
): Promise<void> {
  await inTransaction(deps.pool, async (transaction) => {
    const account = await lockAccount(transaction, await ensureAccount(transaction, patient));
    if (!account || (account.frozen !== undefined) === isFrozen) return;
    const at = deps.now();
    await setFrozen(transaction, account.number, isFrozen ? at : undefined);
    const interaction = isFrozen ? 'health-code.froze' : 'health-code.unfroze';
    await deps.trail.write(transaction, [entryOf(access, patient, at, interaction)]);
  });
}

function requireUsable(account: Account | undefined): Account {
  if (!account || account.scopes.length === 0) {
    throw new Failure('business-rule', 'Choose first what the code may be used for.');
  }
  if (account.frozen !== undefined) throw new Failure('business-rule', refusals.frozen);
  return account;
}

export interface ShownCode {
  readonly code: string;
  /** To type in where nothing scans; absent in the rare minute in which somebody else has the same. */
  readonly digits?: string;
  /** Milliseconds since 1970 UTC by the clock of the server. */
  readonly issuedAt: number;
  readonly validSeconds: number;
}

/** The code to be shown for the next minute. */
export async function mintCode(deps: HealthCodeDependencies, patient: string): Promise<ShownCode> {
  const key = await signingKey(deps);
  return inTransaction(deps.pool, async (transaction) => {
    const found = await selectAccount(transaction, patient);
    const account = requireUsable(found && (await lockAccount(transaction, found.number)));
    const at = deps.now();
    const handle = sealHandle(handleKey(deps), account.number);
    const signed = packClaims({
      ...{ kind: 'dynamic', keyId: key.id, issuer: issuerIdOf(deps.baseUrl), handle },
      ...{ issuedAt: Math.floor(at / 1000), scopes: account.scopes },
    });
    const step = stepOf(at);
    const digits = digitsOf(seedOf(deps, account.number), step);
    const isKept = await keepDigits(transaction, { step, digits, account: account.number, handle, issued: at });
    await forget(transaction, at, step - 60);
    const code = printCode(signed, signWith(key, signed));
    return { code, ...(isKept && { digits }), issuedAt: at, validSeconds: stepSeconds };
  });
}

/** Under it the numbers of accounts are enciphered in handles. */
export const handleKey = ({ vault }: Pick<HealthCodeDependencies, 'vault'>): Buffer =>
  vault.derive('health code handle');

const seedOf = ({ vault }: Pick<HealthCodeDependencies, 'vault'>, account: number): Buffer =>
  createHmac('sm3', vault.derive('health code digits')).update(`${account}`).digest().subarray(0, 16);

/** A code to be printed; the one before is called back. */
export async function makePaper(deps: HealthCodeDependencies, access: Access, patient: string): Promise<string> {
  const key = await signingKey(deps);
  return inTransaction(deps.pool, async (transaction) => {
    const found = await selectAccount(transaction, patient);
    const account = requireUsable(found && (await lockAccount(transaction, found.number)));
    const made = deps.now();
    const claims: CodeClaims = {
      ...{ kind: 'paper', keyId: key.id, issuer: issuerIdOf(deps.baseUrl), handle: randomBytes(16).toString('hex') },
      ...{ issuedAt: Math.floor(made / 1000), scopes: paperScopes },
    };
    const signed = packClaims(claims);
    const code = printCode(signed, signWith(key, signed));
    await revokePaper(transaction, account.number, made);
    await insertPaper(transaction, { handle: claims.handle, account: account.number, code, made });
    await deps.trail.write(transaction, [entryOf(access, patient, made, 'health-code.made-paper')]);
    return code;
  });
}

/** From now on the paper opens nothing. */
export async function callBackPaper(deps: HealthCodeDependencies, access: Access, patient: string): Promise<void> {
  await inTransaction(deps.pool, async (transaction: Transaction) => {
    const account = await selectAccount(transaction, patient);
    const at = deps.now();
    if (!account || !(await revokePaper(transaction, account.number, at))) return;
    await deps.trail.write(transaction, [entryOf(access, patient, at, 'health-code.revoked-paper')]);
  });
}

/** The holder agrees to a payment above the limit, or does not. Repeating it changes nothing; the contrary is a conflict. */
export async function decide(
  deps: HealthCodeDependencies,
  access: Access,
  { id, patient, state }: { id: string; patient: string; state: Exclude<PaymentState, 'waiting'> },
): Promise<void> {
  await inTransaction(deps.pool, async (transaction) => {
    const account = await selectAccount(transaction, patient);
    const payment = await selectPayment(transaction, id);
    if (!account || payment?.account !== account.number) throw new Failure('not-found', 'There is no such payment.');
    if (payment.state === state) return;
    const at = deps.now();
    if (!(await decidePayment(transaction, { id, state, at }))) {
      throw new Failure('conflict', 'This payment has been decided, or nobody waits for it any more.');
    }
    const detail = `${id} ${(payment.amount / 100).toFixed(2)} CNY`;
    await deps.trail.write(transaction, [entryOf(access, patient, at, `health-code.${state}-payment`, detail)]);
  });
}
