import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type IdentityProvider, parseIdentityProviders } from '#adapters/portal/index.ts';
import { checkPrefix } from '#fhir/bulk/index.ts';
import { parseEndpointRules } from '#fhir/subscription/delivery/endpoint-rules.ts';
import { modes, type OrganisationRule, parseOrganisations } from '#fhir/validation/index.ts';
import { Failure } from '#lib/failure.ts';
import { parseJson } from '#lib/json/index.ts';
import { algorithms } from '#modules/health-code/index.ts';

interface Variable<T> {
  default: string;
  parse: (text: string, name: string) => T;
  /** One sentence for docs/reference/configuration.md. */
  meaning: string;
}

const text = (value: string) => value;

const wholeNumber =
  (least: number, most: number) =>
  (value: string, name: string): number => {
    const number = Number(value);
    if (/^\d{1,9}$/.test(value) && number >= least && number <= most) return number;
    throw new Failure('value', `${name} must be a whole number from ${least} to ${most}, not "${value}".`);
  };

const oneOf =
  <const Choice extends string>(choices: readonly Choice[]) =>
  (value: string, name: string): Choice => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw new Failure('value', `${name} must be one of ${choices.join(', ')}, not "${value}".`);
  };

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function parseHost(value: string, name: string): string {
  if (value === 'localhost' || isIP(value) !== 0) return value;
  throw new Failure(
    'value',
    `${name} must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, not "${value}".`,
  );
}

/** What others on the network reach must be encrypted on its way: passwords and records go over it. */
function checkReach({ HOST, MERIDIAN_BASE_URL }: Pick<Config, 'HOST' | 'MERIDIAN_BASE_URL'>): void {
  if (isLoopback(HOST)) return;
  const url = URL.canParse(MERIDIAN_BASE_URL) ? new URL(MERIDIAN_BASE_URL) : undefined;
  if (url && (url.protocol === 'https:' || isLoopback(url.hostname.replaceAll(/[[\]]/g, '')))) return;
  throw new Failure(
    'forbidden',
    `HOST=${HOST} opens the records to the network. Set MERIDIAN_BASE_URL to the https address under which a proxy with TLS offers them, such as https://record.example.org/fhir.`,
  );
}

function parseVaultKey(value: string): string {
  if (value === '' || Buffer.from(value, 'base64').length === 32) return value;
  throw new Failure(
    'value',
    'MERIDIAN_VAULT_KEY must be 32 bytes in base64, as "openssl rand -base64 32" prints them.',
  );
}

function parseProxies(value: string): readonly string[] {
  const proxies = value.split(/[\s,]+/).filter(Boolean);
  const wrong = proxies.find((proxy) => isIP(proxy.split('/', 1)[0] ?? '') === 0 || !/^[^/]+(\/\d{1,3})?$/.test(proxy));
  if (wrong === undefined) return proxies;
  throw new Failure('value', `MERIDIAN_PROXIES must be addresses such as 10.0.0.5 or 10.0.0.0/24, not "${wrong}".`);
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function parseAddress(value: string, name: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (value === '' || (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '')) {
    return value.replace(/\/+$/, '');
  }
  throw new Failure('value', `${name} must be an address such as https://record.example.org/fhir, not "${value}".`);
}

function readOrganisations(path: string): readonly OrganisationRule[] {
  if (path === '') return [];
  try {
    return parseOrganisations(parseJson(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Failure('value', `MERIDIAN_VALIDATION_POLICY ${path} cannot be used: ${(error as Error).message}`);
  }
}

function readIdentityProviders(path: string): readonly IdentityProvider[] {
  if (path === '') return [];
  try {
    return parseIdentityProviders(parseJson(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Failure('value', `MERIDIAN_IDENTITY_PROVIDERS ${path} cannot be used: ${(error as Error).message}`);
  }
}

function parseBucket(value: string): string {
  if (value === '') return '';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname.length > 1 && url.username === '') return value;
  throw new Failure('value', `MERIDIAN_EXPORT_S3 must be https://<endpoint>/<bucket>/<prefix>, not "${value}".`);
}

const parseSources = (value: string): readonly string[] =>
  value
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(checkPrefix);

function parseOperatorToken(value: string): string {
  if (value === '' || /^[\x21-\x7e]{16,512}$/.test(value)) return value;
  throw new Failure('value', 'MERIDIAN_OPERATOR_TOKEN must have 16 to 512 visible characters of ASCII, or be empty.');
}

/** Every setting of a process; docs/reference/configuration.md is printed from this table. */
export const variables = {
  HOST: {
    default: '127.0.0.1',
    parse: parseHost,
    meaning:
      'Address to listen on; other than the loopback only with MERIDIAN_BASE_URL at https, since a proxy must encrypt what goes over the network.',
  },
  PORT: { default: '8080', parse: wholeNumber(0, 65_535), meaning: 'TCP port to listen on; 0 takes any free one.' },
  MERIDIAN_DATA: {
    default: '.meridian',
    parse: (value) => resolve(value),
    meaning: 'Folder of the embedded database and of what a running server writes down.',
  },
  DATABASE_URL: {
    default: '',
    parse: text,
    meaning: 'Connection string of a PostgreSQL 15 or newer to use instead of the embedded one.',
  },
  MERIDIAN_BASE_URL: {
    default: '',
    parse: parseAddress,
    meaning: 'Address of the FHIR service as clients see it, when it stands behind a proxy.',
  },
  MERIDIAN_POOL: {
    default: '12',
    parse: wholeNumber(2, 1000),
    meaning: 'Connections that one server process opens to the database.',
  },
  MERIDIAN_WEBHOOK_HOSTS: {
    default: 'localhost,127.0.0.1,[::1]',
    parse: (value) => parseEndpointRules(value).hosts,
    meaning:
      'Hosts that subscriptions may notify without TLS or at inner addresses (name, name:port, *.domain); all others must be public and https.',
  },
  MERIDIAN_CHANGE_DAYS: {
    default: '7',
    parse: wholeNumber(1, 9999),
    meaning: 'Days for which the log of changes is kept for its readers.',
  },
  MERIDIAN_EVENT_DAYS: {
    default: '30',
    parse: wholeNumber(1, 9999),
    meaning: 'Days for which the events of subscriptions are kept for replay.',
  },
  MERIDIAN_OPERATOR_TOKEN: {
    default: '',
    parse: parseOperatorToken,
    meaning:
      'What an operator sends as Bearer to remove resources for good ($expunge), 16 characters or more; when empty, that is refused.',
  },
  MERIDIAN_EXPORT_FOLDER: {
    default: '',
    parse: (value) => (value === '' ? '' : resolve(value)),
    meaning:
      'Folder of the files of bulk exports, shared by all server processes; exports in MERIDIAN_DATA when empty.',
  },
  MERIDIAN_EXPORT_S3: {
    default: '',
    parse: parseBucket,
    meaning: 'S3-compatible storage to use instead of the folder: https://<endpoint>/<bucket>/<prefix>.',
  },
  MERIDIAN_S3_REGION: {
    default: 'us-east-1',
    parse: text,
    meaning: 'Region that requests to that storage are signed for.',
  },
  MERIDIAN_S3_ACCESS_KEY_ID: { default: '', parse: text, meaning: 'Access key of that storage.' },
  MERIDIAN_S3_SECRET_ACCESS_KEY: { default: '', parse: text, meaning: 'Secret of that access key.' },
  MERIDIAN_EXPORT_HOURS: {
    default: '24',
    parse: wholeNumber(1, 8760),
    meaning: 'How many hours the files of a bulk export are kept after it has ended.',
  },
  MERIDIAN_IMPORT_SOURCES: {
    default: '',
    parse: parseSources,
    meaning: 'Addresses (https or file), separated by commas, below which $import may take files; none when empty.',
  },
  MERIDIAN_TEXT_SEARCH: {
    default: 'narrative',
    parse: oneOf(['off', 'narrative', 'content']),
    meaning:
      'Whose words are indexed as resources are written: narrative for _text, content for _content, too, which makes a write half as dear again, or off.',
  },
  MERIDIAN_REFERENCES: {
    default: 'accept',
    parse: oneOf(['accept', 'reject']),
    meaning:
      'Whether writes may refer to what is not there and delete what others refer to: accept (reported by $dangling-references) or reject.',
  },
  MERIDIAN_CONDITIONAL_DELETES: {
    default: '1',
    parse: wholeNumber(1, 1000),
    meaning: 'How many resources one conditional delete may delete, from 1 to 1000.',
  },
  MERIDIAN_VALIDATION: {
    default: 'strict',
    parse: oneOf(modes),
    meaning:
      'strict refuses resources that break a rule; lenient stores them, says so and puts down what is wrong ($validation-report).',
  },
  MERIDIAN_VALIDATION_POLICY: {
    default: '',
    parse: readOrganisations,
    meaning: 'JSON file that says for which organisations it is otherwise; see docs/guides/validation.md.',
  },
  MERIDIAN_VAULT_KEY: {
    default: '',
    parse: parseVaultKey,
    meaning:
      'Key that seals second factors and signing keys in the database, 32 bytes in base64, the same for all servers; keys/vault.key in MERIDIAN_DATA when empty.',
  },
  MERIDIAN_SECOND_FACTOR: {
    default: 'staff',
    parse: oneOf(['staff', 'everybody', 'nobody']),
    meaning: 'Who must prove themselves twice at sign-in: staff, everybody or nobody.',
  },
  MERIDIAN_IDLE_MINUTES: {
    default: '30',
    parse: wholeNumber(1, 1440),
    meaning: 'A session of the portal ends when nothing was heard from it for so many minutes.',
  },
  MERIDIAN_SESSION_HOURS: {
    default: '12',
    parse: wholeNumber(1, 168),
    meaning: 'A session of the portal ends after so many hours in any case.',
  },
  MERIDIAN_DEMONSTRATION_SIGN_IN: {
    default: 'local',
    parse: oneOf(['local', 'on', 'off']),
    meaning:
      'Whether the people of the demonstration region may be chosen without a password: local (only while listening on the loopback), on or off; without that region, never.',
  },
  MERIDIAN_IDENTITY_PROVIDERS: {
    default: '',
    parse: readIdentityProviders,
    meaning: 'JSON file that says at which OpenID Connect providers people may sign in; see docs/guides/sign-in.md.',
  },
  MERIDIAN_PROXIES: {
    default: '',
    parse: parseProxies,
    meaning:
      'Addresses of the proxies in front, separated by commas: they are believed when they say from where a request comes.',
  },
  MERIDIAN_AUDIT_KEY: {
    default: '',
    parse: (value) => (value === '' ? '' : resolve(value)),
    meaning:
      'PEM file of the Ed25519 key that signs the trail, the same for all server processes; keys/audit.pem in MERIDIAN_DATA when empty.',
  },
  MERIDIAN_EMERGENCY_MINUTES: {
    default: '60',
    parse: wholeNumber(5, 1440),
    meaning: 'For how many minutes a clinician who breaks the glass opens a record.',
  },
  MERIDIAN_EMERGENCIES_PER_DAY: {
    default: '20',
    parse: wholeNumber(1, 10_000),
    meaning: 'How many records one clinician may open so within 24 hours.',
  },
  MERIDIAN_HEALTH_CODE_ALGORITHM: {
    default: 'EdDSA',
    parse: oneOf(algorithms),
    meaning: 'How health codes are signed: EdDSA (Ed25519) or SM2 (with SM3).',
  },
  MERIDIAN_HEALTH_CODE_TOLERANCE: {
    default: '90',
    parse: wholeNumber(60, 300),
    meaning: 'How many seconds a health code may be old, or ahead of the clock, when it is scanned.',
  },
  MERIDIAN_PAYMENT_LIMIT: {
    default: '200',
    parse: wholeNumber(0, 100_000),
    meaning: 'Above so many yuan, the holder of a health code confirms a payment on the phone.',
  },
  LOG_LEVEL: { default: 'warn', parse: oneOf(levels), meaning: 'Least level of the log lines on standard error.' },
} satisfies Record<
  string,
  Variable<string | number | readonly string[] | readonly OrganisationRule[] | readonly IdentityProvider[]>
>;

export type Config = Readonly<{ [Name in keyof typeof variables]: ReturnType<(typeof variables)[Name]['parse']> }>;

/** Reads the environment once; fails with all that is wrong in the first variable that is. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const entries = Object.entries(variables).map(([name, { default: byDefault, parse }]) => [
    name,
    parse(environment[name] ?? byDefault, name),
  ]);
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  checkReach(config);
  return config;
}
