import { type Addresses, addressesOf } from './addresses.ts';
import { assertionAlgorithms } from './provider.ts';
import { plainScopes } from './scope.ts';

/** https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#using-well-known */
export function printSmartConfiguration({ issuer }: Addresses) {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/token/introspection`,
    revocation_endpoint: `${issuer}/token/revocation`,
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [...plainScopes, 'patient/*.rs', 'user/*.cruds', 'system/*.cruds'],
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'client-public',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'context-standalone-encounter',
      'context-banner',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ],
  };
}

/** https://hl7.org/fhir/R4/security.html#3.1.0.6.1; for CapabilityStatement.rest.security. */
export function printSecurity(fhir: string) {
  const { issuer } = addressesOf(fhir);
  const address = (url: string, path: string) => ({ url, valueUri: `${issuer}${path}` });
  return {
    cors: true,
    service: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
      },
    ],
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          address('authorize', '/auth'),
          address('token', '/token'),
          address('introspect', '/token/introspection'),
          address('revoke', '/token/revocation'),
        ],
      },
    ],
  };
}
