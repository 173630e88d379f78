import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '#lib/failure.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Fails unless the Authorization header bears the operator's token; where none is set, with `forbidden` whatever it says.
 * The comparison takes the same time wherever two tokens differ.
 */
export function requireOperator(token: string, authorization: string | undefined): void {
  if (token === '') {
    throw new Failure(
      'forbidden',
      'Expunging over the network is switched off. Start the server with MERIDIAN_OPERATOR_TOKEN, or use "npx meridian expunge".',
    );
  }
  const sent = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (sent !== undefined && timingSafeEqual(digest(sent), digest(token))) return;
  throw new Failure('login', 'Only an operator may do this. Send the token of MERIDIAN_OPERATOR_TOKEN as Bearer.');
}
