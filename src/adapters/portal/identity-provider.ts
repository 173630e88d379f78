import * as client from 'openid-client';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonValue } from '#lib/json/index.ts';

/** Where people may sign in instead: https://openid.net/specs/openid-connect-core-1_0.html */
export interface IdentityProvider {
  /** A short word for addresses; identities are kept under it. */
  id: string;
  /** As people know it. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whoever it sends has proved themselves twice there. */
  provesTwice: boolean;
}

/** Fails with `value` and says what is wrong. */
export function parseIdentityProviders(value: JsonValue): IdentityProvider[] {
  if (!Array.isArray(value)) throw new Failure('value', 'it must be a list of providers.');
  const providers = value.map(parseProvider);
  const twin = providers.find(({ id }, index) => providers.findIndex((other) => other.id === id) !== index);
  if (twin) throw new Failure('value', `two providers have the id ${twin.id}.`);
  return providers;
}

const known = ['id', 'name', 'issuer', 'clientId', 'clientSecret', 'provesTwice'];

function parseProvider(value: JsonValue): IdentityProvider {
  if (!isJsonObject(value)) throw new Failure('value', 'each provider must be an object.');
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Failure('value', `there is no field ${stranger}.`);
  const text = (name: string): string => {
    const given = value[name];
    if (typeof given === 'string' && given !== '') return given;
    throw new Failure('value', `a provider lacks ${name}.`);
  };
  const id = text('id');
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(id))
    throw new Failure('value', `the id ${id} must be lower-case letters, digits and hyphens.`);
  const issuer = text('issuer');
  if (!URL.canParse(issuer) || !isSafe(new URL(issuer)))
    throw new Failure('value', `the issuer ${issuer} must be at https.`);
  const { provesTwice = false } = value;
  if (typeof provesTwice !== 'boolean') throw new Failure('value', 'provesTwice must be true or false.');
  return {
    id,
    name: text('name'),
    issuer,
    clientId: text('clientId'),
    clientSecret: text('clientSecret'),
    provesTwice,
  };
}

const isLocal = ({ hostname }: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

const isSafe = (url: URL) => url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url));

/** What a provider says of itself, asked once an hour. */
export function createDiscovery(): (provider: IdentityProvider) => Promise<client.Configuration> {
  const found = new Map<string, { until: number; configuration: Promise<client.Configuration> }>();
  return (provider) => {
    const kept = found.get(provider.id);
    if (kept && kept.until > Date.now()) return kept.configuration;
    const issuer = new URL(provider.issuer);
    const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    const authentication = client.ClientSecretBasic(provider.clientSecret);
    const configuration = client
      .discovery(issuer, provider.clientId, undefined, authentication, { execute, timeout: 10 })
      .catch(() => {
        found.delete(provider.id);
        throw new Failure('transient', `${provider.name} does not answer. Try again later, or sign in in another way.`);
      });
    found.set(provider.id, { until: Date.now() + 3_600_000, configuration });
    return configuration;
  };
}
