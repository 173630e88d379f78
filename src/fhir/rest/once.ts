import { createHash } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import type { Actor } from '../access/index.ts';
import type { Once } from '../idempotency/index.ts';
import { type Answer, collectBody } from './answer.ts';
import type { FhirContext } from './context.ts';

/** Visible characters, in quotation marks or not; longer ones name nothing that a shorter one could not. */
const keyPattern = /^"?([!#-~]{1,255})"?$/;

interface Sent {
  method: string;
  url: string;
  /** Of the headers, what decides on the meaning of the request. */
  ifNoneExist: string | undefined;
  body: unknown;
  /** Whose request it is; nobody's is refused before anything is carried out. */
  actor: Actor | undefined;
}

/** The Idempotency-Key of a POST, with what it stands for. A key is its sender's: the answer is told to nobody else. */
export function parseOnce(
  header: string | undefined,
  { method, url, ifNoneExist, body, actor }: Sent,
): Once | undefined {
  if (header === undefined || method !== 'POST') return undefined;
  const key = keyPattern.exec(header.trim())?.[1];
  if (key === undefined) {
    throw new Failure('value', 'An Idempotency-Key has 1 to 255 visible ASCII characters, such as those of a UUID.');
  }
  const hash = createHash('sha256').update(JSON.stringify([url, ifNoneExist ?? null]));
  const request = (Buffer.isBuffer(body) ? hash.update(body) : hash).digest();
  return { key: `${senderOf(actor)} ${key}`, request };
}

/** Who asks, and with what rights: the answer to somebody who may see more is not for the same person with less. */
function senderOf(actor: Actor | undefined): string {
  const { reference, role, organization, purpose, client, patient, scopes } = actor ?? {};
  const parts = [reference, role, organization, purpose, client, patient, scopes].map((part) => part ?? null);
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Of an entry of a batch, or another part of a request. No key of a client has a space. */
export const partOf = (once: Once | undefined, part: number): Once | undefined =>
  once && { ...once, key: `${once.key} ${part}` };

/** Makes changes in a transaction, together with the key: both are committed, or neither. */
export const inTransactionOnce = (
  { idempotency, pool }: FhirContext,
  once: Once | undefined,
  run: (transaction: Transaction) => Promise<Answer>,
): Promise<Answer> =>
  idempotency.inTurn(once, () =>
    inTransaction(
      pool,
      async (transaction) =>
        once
          ? toAnswer(await idempotency.inside(transaction, once, async () => toText(await run(transaction))))
          : run(transaction),
      { retryUniqueViolation: true },
    ),
  );

/** As inTransactionOnce, for what has transactions of its own. */
export async function answerOnceAround(
  { idempotency }: FhirContext,
  once: Once | undefined,
  run: () => Promise<Answer>,
): Promise<Answer> {
  return once ? toAnswer(await idempotency.around(once, async () => toText(await run()))) : run();
}

const toText = async (answer: Answer): Promise<string> =>
  JSON.stringify({ ...answer, body: await collectBody(answer.body) });

function toAnswer({ answer: text, isRepeated }: { answer: string; isRepeated: boolean }): Answer {
  const answer = JSON.parse(text) as Answer;
  return isRepeated ? { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } } : answer;
}
