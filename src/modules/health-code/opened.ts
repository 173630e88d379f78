import { type Access, fullAccess, restrictionOf } from '#fhir/access/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Scope } from './code.ts';
import type { HealthCodeDependencies } from './dependencies.ts';
import { insertPayment, type Payment, selectPayment } from './payment/queries.ts';
import { isClosed, lockAccount, selectRid, selectToken, type Token } from './queries.ts';
import { RefusedCode } from './refusal.ts';
import { hashOf } from './scan.ts';
import { type PaymentView, paymentView } from './view.ts';

/** What a token opens, or a failure: it is of whoever scanned, in time, for that, and still allowed by the holder. */
async function requireToken(
  deps: HealthCodeDependencies,
  connection: HealthCodeDependencies['pool'] | Parameters<typeof lockAccount>[0],
  { actor }: Access,
  token: string,
  scope: Scope,
): Promise<Token> {
  const found = await selectToken(connection, hashOf(token));
  if (!found || found.actor !== actor.reference || found.organization !== actor.organization) {
    throw new Failure('forbidden', 'This opens nothing for you. Scan the code again.');
  }
  if (found.ends <= deps.now()) throw new RefusedCode('expired');
  if (!found.scopes.includes(scope)) {
    throw new Failure('forbidden', `The code was opened here for ${found.scopes.join(', ')}, not for ${scope}.`);
  }
  return found;
}

/** The holder may have taken it back since; held until the transaction ends. */
async function requireAllowed(
  transaction: Parameters<typeof lockAccount>[0],
  { account: number }: Token,
  scope: Scope,
): Promise<void> {
  const account = await lockAccount(transaction, number);
  if (!account || account.frozen !== undefined) throw new RefusedCode('frozen');
  if (!account.scopes.includes(scope)) throw new RefusedCode('not-consented');
}

const today = (now: number): string => new Date(now + 8 * 3600_000).toISOString().slice(0, 10);

function toResource(content: string): JsonObject {
  const resource = parseJson(content);
  if (isJsonObject(resource)) return resource;
  throw new Error('A stored resource is no object');
}

export interface VisitView {
  readonly encounter: string;
  readonly isNew: boolean;
  readonly status: string;
}

/** Opens the visit: what was planned for today has arrived, and who came unannounced has, too. Repeated, it stays one visit. */
export async function openVisit(deps: HealthCodeDependencies, access: Access, token: string): Promise<VisitView> {
  const { pool, search, store, validator, newId } = deps;
  return inTransaction(pool, async (transaction) => {
    const opened = await requireToken(deps, transaction, access, token, 'visit');
    await requireAllowed(transaction, opened, 'visit');
    const { actor } = access;
    const now = deps.now();
    const { matches } = await search.search(
      {
        type: 'Encounter',
        parameters: [
          ['patient', `Patient/${opened.patient}`],
          ['service-provider', `${opened.organization}`],
          ['date', `ge${today(now)}T00:00:00+08:00`],
          ['status', 'planned,arrived,triaged,in-progress,onleave'],
          ['_count', '1'],
        ],
        handling: 'strict',
        restriction: undefined,
      },
      transaction,
    );
    const [known] = matches;
    const before = known && toResource(known.content);
    if (before && before.status !== 'planned') {
      return { encounter: `Encounter/${before.id}`, isNew: false, status: `${before.status}` };
    }
    const id = before ? `${before.id}` : newId();
    const resource: JsonObject = {
      ...(before ?? {
        resourceType: 'Encounter',
        id,
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
        subject: { reference: `Patient/${opened.patient}` },
        serviceProvider: { reference: `${opened.organization}` },
      }),
      status: 'arrived',
      period: { start: new Date(now).toISOString() },
    };
    await validator.check(resource);
    const change = { type: 'Encounter', id, method: method.put, resource, access: fullAccess(actor) };
    await store.write(transaction, [{ ...change, interaction: 'health-code.opened-visit', isNew: !before }]);
    return { encounter: `Encounter/${id}`, isNew: !before, status: 'arrived' };
  });
}

/** `everything` and `medicines` of the data categories (content/access/data-categories.json). */
const closing = { medicines: [0, 4], bill: [0] } as const;
const mostShown = 100;

export interface OpenedView {
  /** FHIR resources. */
  readonly resources: readonly JsonObject[];
  /** There are more, which are not shown here. */
  readonly isCut: boolean;
}

/**
 * The prescriptions that may be dispensed. What is specially protected, or closed by the resident to this institution, stays so,
 * unless the pharmacist may read it without the code.
 */
export async function openPrescriptions(
  deps: HealthCodeDependencies,
  access: Access,
  token: string,
): Promise<OpenedView> {
  const { opened, isShut } = await openContent(deps, access, token, 'prescriptions', closing.medicines);
  return find(deps, access, opened, [{ type: 'MedicationRequest', parameters: [['status', 'active']] }], isShut);
}

/** What there is to pay at this institution. */
export async function openBill(deps: HealthCodeDependencies, access: Access, token: string): Promise<OpenedView> {
  const { opened } = await openContent(deps, access, token, 'insurance', closing.bill);
  const { organization = '' } = opened;
  return find(
    deps,
    access,
    opened,
    [
      { type: 'Invoice', parameters: [['issuer', organization]] },
      { type: 'Account', parameters: [['owner', organization]] },
      { type: 'ChargeItem', parameters: [['performing-organization', organization]] },
      { type: 'Claim', parameters: [['provider', organization]] },
      { type: 'Coverage', parameters: [['status', 'active']] },
    ],
    false,
  );
}

async function openContent(
  deps: HealthCodeDependencies,
  access: Access,
  token: string,
  scope: Scope,
  categories: readonly number[],
): Promise<{ opened: Token; isShut: boolean }> {
  return inTransaction(deps.pool, async (transaction) => {
    const opened = await requireToken(deps, transaction, access, token, scope);
    await requireAllowed(transaction, opened, scope);
    const patient = await selectRid(transaction, 'Patient', opened.patient);
    if (patient === undefined) throw new Failure('not-found', `There is no Patient/${opened.patient}.`);
    const names = [access.actor.reference, opened.organization ?? ''].map((name) => name.split('/'));
    const parties = await Promise.all(
      names.map(([type = '', id = '']) => selectRid(transaction, type || 'Patient', id)),
    );
    const known = parties.filter((party) => party !== undefined);
    const isShut = await isClosed(transaction, { patient, parties: [0, ...known], categories, at: deps.now() });
    return { opened, isShut };
  });
}

interface Asked {
  readonly type: string;
  readonly parameters: readonly (readonly [string, string])[];
}

async function find(
  { search, pool, trail, now }: HealthCodeDependencies,
  access: Access,
  { patient }: Token,
  asked: readonly Asked[],
  isShut: boolean,
): Promise<OpenedView> {
  const found: { content: string }[] = [];
  let isCut = false;
  for (const { type, parameters } of asked) {
    const own = [...parameters, ['patient', `Patient/${patient}`], ['_count', `${mostShown}`]] as const;
    const plain = [...own, ['_security:not', 'R'], ['_security:not', 'V']] as const;
    const restriction = isShut ? restrictionOf(access, 'search') : undefined;
    const open = await search.search({ type, parameters: isShut ? own : plain, handling: 'strict', restriction }, pool);
    found.push(...open.matches);
    isCut ||= open.next !== undefined;
  }
  const resources = found.map(({ content }) => toResource(content));
  trail.note({
    ...{ actor: access.actor, at: now(), action: 'R', interaction: 'health-code.opened', outcome: '0' },
    entities: resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}` })),
    ...{ patients: [patient], detail: asked.map(({ type }) => type).join(' ') },
  });
  return { resources, isCut };
}

/** For so long a payment waits for the holder. */
const paymentMs = 5 * 60_000;

/** Authorises a payment: at once up to the limit, above it when the holder has confirmed on the phone. One token, one payment. */
export async function askForPayment(
  deps: HealthCodeDependencies,
  access: Access,
  { token, amount }: { token: string; amount: number },
): Promise<PaymentView> {
  return inTransaction(deps.pool, async (transaction) => {
    const opened = await requireToken(deps, transaction, access, token, 'payment');
    await requireAllowed(transaction, opened, 'payment');
    const { actor } = access;
    const asked = deps.now();
    const isSmall = amount <= deps.settings.paymentLimit;
    const wanted: Payment = {
      ...{ id: deps.newId(), account: opened.account, amount, state: isSmall ? 'authorised' : 'waiting' },
      ...{ actor: actor.reference, display: actor.display, organization: actor.organization },
      ...{ asked, ends: asked + paymentMs },
    };
    const payment = await insertPayment(transaction, hashOf(token), wanted);
    if (payment.amount !== amount) {
      throw new Failure('conflict', 'Another amount was asked for with this scan. Scan the code again.');
    }
    if (payment.id === wanted.id) {
      await deps.trail.write(transaction, [
        {
          ...{ actor, at: asked, action: 'E', interaction: 'health-code.asked-payment', outcome: '0' },
          ...{ entities: [{ type: 'Patient', id: opened.patient }], patients: [opened.patient] },
          detail: `${payment.id} ${(amount / 100).toFixed(2)} CNY ${payment.state}`,
        },
      ]);
    }
    return paymentView(payment, asked);
  });
}

/** How it stands with a payment that the actor asked for. */
export async function paymentOf(deps: HealthCodeDependencies, { actor }: Access, id: string): Promise<PaymentView> {
  const payment = await selectPayment(deps.pool, id);
  if (payment?.actor !== actor.reference) throw new Failure('not-found', 'There is no such payment.');
  return paymentView(payment, deps.now());
}
