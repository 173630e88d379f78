import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '../queries.ts';
import { insertBinding, selectBinding } from './queries.ts';

export interface BindingToken {
  token: string;
  expires: Date;
}

const tokenBytes = 32;
/** A token opens a socket, it does not keep one: minutes are enough. */
const lifetimeMs = 5 * 60_000;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Gives out a token for these subscriptions; the database keeps its hash alone. */
export async function createBindingToken(connection: Connection, rids: number[], now: number): Promise<BindingToken> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const expires = new Date(now + lifetimeMs);
  await insertBinding(connection, hashOf(token), rids, expires);
  return { token, expires };
}

/** The subscriptions that a token is good for; none when it is unknown or has expired. */
export const subscriptionsOfToken = (connection: Connection, token: string): Promise<number[]> =>
  selectBinding(connection, hashOf(token));
