import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

type Connection = Pool | Transaction;

export type PaymentState = 'waiting' | 'authorised' | 'declined';

export interface Payment {
  readonly id: string;
  readonly account: number;
  readonly amount: number;
  readonly state: PaymentState;
  readonly actor: string;
  readonly display: string;
  readonly organization: string | undefined;
  readonly asked: number;
  readonly ends: number;
}

type PaymentRow = [string, string, string, PaymentState, string, string, string | null, string, string];
const paymentColumns = 'id, account, amount, state, actor, display, organization, asked, ends';

const toPayment = (row: PaymentRow): Payment => ({
  ...{ id: row[0], account: Number(row[1]), amount: Number(row[2]), state: row[3], actor: row[4], display: row[5] },
  ...{ organization: row[6] ?? undefined, asked: Number(row[7]), ends: Number(row[8]) },
});

/** The payment of this token: the new one, or the one that there was. */
export async function insertPayment(transaction: Transaction, token: Buffer, payment: Payment): Promise<Payment> {
  await run(
    transaction,
    'health-code.insert-payment',
    `insert into health_code.payment (id, token, account, amount, state, actor, display, organization, asked, ends)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (token) do nothing`,
    [
      ...[payment.id, token, payment.account, payment.amount, payment.state, payment.actor, payment.display],
      ...[payment.organization ?? null, payment.asked, payment.ends],
    ],
  );
  const rows = await run<PaymentRow>(
    transaction,
    'health-code.payment-of-token',
    `select ${paymentColumns} from health_code.payment where token = $1`,
    [token],
  );
  if (!rows[0]) throw new Error('A payment that was put down is not there');
  return toPayment(rows[0]);
}

export async function selectPayment(connection: Connection, id: string): Promise<Payment | undefined> {
  const rows = await run<PaymentRow>(
    connection,
    'health-code.payment',
    `select ${paymentColumns} from health_code.payment where id = $1`,
    [id],
  );
  return rows[0] && toPayment(rows[0]);
}

/** The last twenty of an account. */
export async function selectPayments(connection: Connection, account: number): Promise<Payment[]> {
  const rows = await run<PaymentRow>(
    connection,
    'health-code.payments',
    `select ${paymentColumns} from health_code.payment where account = $1 order by asked desc limit 20`,
    [account],
  );
  return rows.map(toPayment);
}

/** False when it was decided already, or nobody waits for it any more. */
export async function decidePayment(
  transaction: Transaction,
  { id, state, at }: { id: string; state: PaymentState; at: number },
): Promise<boolean> {
  const rows = await run(
    transaction,
    'health-code.decide-payment',
    `update health_code.payment set state = $2, decided = $3
     where id = $1 and state = 'waiting' and ends > $3 returning 1`,
    [id, state, at],
  );
  return rows.length > 0;
}
