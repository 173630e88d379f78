import { randomBytes } from 'node:crypto';

/** With this the server that is measured takes requests for its operator's. */
export const operatorToken = randomBytes(24).toString('base64url');

export const bearer = (token: string = operatorToken): { authorization: string } => ({
  authorization: `Bearer ${token}`,
});
