import { Failure } from '#lib/failure.ts';
import { parseScope } from '#modules/access/index.ts';
import { isPlainScope } from './scope.ts';

/** https://www.rfc-editor.org/rfc/rfc7517: public keys. */
export interface JwkSet {
  keys: readonly Readonly<Record<string, unknown>>[];
}

export type ClientKind = 'public' | 'confidential' | 'backend';

/** An application that the operator has registered. */
export interface Client {
  id: string;
  name: string;
  kind: ClientKind;
  redirectUris: string[];
  /** Where the portal starts it from a record. */
  launchUri: string | null;
  /** The most that it may be granted. */
  scopes: string[];
  jwks: JwkSet | null;
  jwksUri: string | null;
  /** `Organization/1`: for whom a backend acts. */
  organization: string | null;
  /** Chosen for everybody: nobody is asked whether it may. */
  isTrusted: boolean;
  /** May ask what the tokens of others are worth. */
  introspects: boolean;
}

const isLoopback = (hostname: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** Fails with `value` unless the registration can be honoured: what is wrong in it, in a sentence. */
export function checkClient(client: Client): Client {
  const { id, name, kind, redirectUris, launchUri, scopes, organization } = client;
  refuse(
    !/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(id),
    `The id "${id}" must be 1 to 64 letters, digits, dots or dashes.`,
  );
  refuse(!/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name.trim()), 'The name must have 1 to 100 characters.');
  refuse(kind === 'backend' && redirectUris.length > 0, 'A backend has no redirect URI: nobody signs in to it.');
  refuse(kind !== 'backend' && redirectUris.length === 0, `A ${kind} client needs a redirect URI.`);
  for (const uri of redirectUris) checkAddress(uri, 'redirect URI');
  if (launchUri !== null) checkAddress(launchUri, 'launch URI');
  refuse(scopes.length === 0, 'Name the scopes that the client may be granted.');
  for (const scope of scopes) checkScope(scope, kind);
  refuse(
    organization !== null && !/^Organization\/[A-Za-z0-9.-]{1,64}$/.test(organization),
    'Write the organisation as Organization/<id>.',
  );
  checkKeys(client);
  return client;
}

function refuse(isWrong: boolean, sentence: string): void {
  if (isWrong) throw new Failure('value', sentence);
}

/** Exact addresses: https, or http on the loopback, where a developer's machine is. */
function checkAddress(text: string, name: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  refuse(
    !url || !isSafe || url.username !== '' || url.password !== '' || text.includes('#') || /[\s*]/.test(text),
    `The ${name} "${text}" must be https (http on the loopback), without user, fragment, blank or wildcard.`,
  );
}

function checkScope(scope: string, kind: ClientKind): void {
  const parsed = parseScope(scope);
  refuse(
    !parsed && !isPlainScope(scope),
    `There is no scope "${scope}". Write it as user/Observation.rs or launch/patient.`,
  );
  const isOfSystem = parsed?.context === 'system';
  refuse(kind === 'backend' && !isOfSystem, `A backend acts for nobody: "${scope}" is not a system/ scope.`);
  refuse(kind !== 'backend' && isOfSystem, `Only a backend may be granted "${scope}".`);
}

function checkKeys({ kind, jwks, jwksUri }: Client): void {
  const count = Number(jwks !== null) + Number(jwksUri !== null);
  refuse(kind === 'public' && count > 0, 'A public client has no key.');
  refuse(
    kind !== 'public' && count !== 1,
    `A ${kind} client needs its public keys: a JWKS, or the https address of one.`,
  );
  if (jwksUri !== null) checkAddress(jwksUri, 'address of the JWKS');
  for (const key of jwks?.keys ?? []) checkKey(key);
  refuse(jwks !== null && jwks.keys.length === 0, 'The JWKS holds no key.');
}

/** https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html: RS384 and ES384. */
function checkKey(key: Readonly<Record<string, unknown>>): void {
  const { kty, crv, n } = key;
  const isPrivate = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((name) => Object.hasOwn(key, name));
  refuse(isPrivate, 'The JWKS holds a private key. Register the public one, and replace this key: it has been shown.');
  const isRsa = kty === 'RSA' && typeof n === 'string' && n.length >= 342;
  const isCurve = kty === 'EC' && (crv === 'P-384' || crv === 'P-256');
  refuse(!isRsa && !isCurve, 'Keys must be RSA of 2048 bits or more, or EC on P-384 or P-256.');
}

/** Reads a JWKS that was pasted or is in a file. */
export function parseJwks(text: string): JwkSet {
  try {
    const value: unknown = JSON.parse(text);
    const keys = (value as { keys?: unknown }).keys;
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null)) return { keys };
  } catch {
    // What it lacks is said below.
  }
  throw new Failure('value', 'A JWKS is a JSON object with an array "keys".');
}
