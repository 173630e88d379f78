import type { Client } from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** Seconds that an assertion may live. */
const longestLife = 300;

/**
 * What https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html asks of the JWT beyond RFC 7523.
 * Its signature, audience, issuer and single use are checked already.
 */
export async function assertAssertion(
  _ctx: KoaContextWithOIDC,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
  client: Client,
): Promise<void> {
  const { exp, sub, jti } = claims;
  const refuse = (reason: string) => {
    throw new errors.InvalidClientAuth(reason);
  };
  if (sub !== client.clientId) refuse('sub must be the client_id');
  if (typeof jti !== 'string' || jti.length > 255) refuse('jti must be a string of at most 255 characters');
  if (typeof exp !== 'number' || exp > Math.floor(Date.now() / 1000) + longestLife + 10) {
    refuse('exp must be at most five minutes from now');
  }
  if (header.jku !== undefined && header.jku !== client.jwksUri)
    refuse('jku is not the registered address of the keys');
  if (header.crit !== undefined || header.jwk !== undefined || header.x5c !== undefined) {
    refuse('a key must not come with what it signs');
  }
}
