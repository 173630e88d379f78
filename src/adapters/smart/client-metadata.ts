import type { ClientMetadata } from 'oidc-provider';
import type { Client } from './client.ts';

/** https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export function toMetadata({ id, name, kind, redirectUris, jwks, jwksUri }: Client): ClientMetadata {
  const isBackend = kind === 'backend';
  return {
    client_id: id,
    client_name: name,
    application_type: 'web',
    grant_types: isBackend ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: isBackend ? [] : ['code'],
    redirect_uris: redirectUris,
    token_endpoint_auth_method: kind === 'public' ? 'none' : 'private_key_jwt',
    ...(jwks && { jwks: { keys: [...jwks.keys] } as ClientMetadata['jwks'] }),
    ...(jwksUri !== null && { jwks_uri: jwksUri }),
  };
}
