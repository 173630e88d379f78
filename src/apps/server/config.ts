import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { checkPrefix } from '#fhir/bulk/index.ts';
import { parseEndpointRules } from '#fhir/subscription/delivery/endpoint-rules.ts';
import { modes, type OrganisationRule, parseOrganisations, type ValidationMode } from '#fhir/validation/index.ts';
import { Failure } from '#lib/failure.ts';
import { parseJson } from '#lib/json/index.ts';

interface Variable<T> {
  default: string;
  parse: (text: string) => T;
  /** One sentence for docs/reference/configuration.md. */
  meaning: string;
}

const text = (value: string) => value;

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new Failure('value', `PORT must be a number from 0 (any free port) to 65535, not "${value}".`);
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function parseHost(value: string): string {
  if (isLoopback(value)) return value;
  throw new Failure(
    'forbidden',
    `HOST=${value} would open the records to the network, and this release has no sign-in yet. Use 127.0.0.1, localhost or ::1.`,
  );
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function parseLogLevel(value: string): string {
  if (levels.includes(value)) return value;
  throw new Failure('value', `LOG_LEVEL must be one of ${levels.join(', ')}, not "${value}".`);
}

function parseHours(value: string): number {
  const hours = Number(value);
  if (hours > 0 && hours <= 8760) return hours;
  throw new Failure('value', `MERIDIAN_EXPORT_HOURS must be a number of hours up to 8760, not "${value}".`);
}

function parseTextSearch(value: string): 'off' | 'narrative' | 'content' {
  if (value === 'off' || value === 'narrative' || value === 'content') return value;
  throw new Failure('value', `MERIDIAN_TEXT_SEARCH must be off, narrative or content, not "${value}".`);
}

function parseMode(value: string): ValidationMode {
  const mode = modes.find((candidate) => candidate === value);
  if (mode) return mode;
  throw new Failure('value', `MERIDIAN_VALIDATION must be ${modes.join(' or ')}, not "${value}".`);
}

function readOrganisations(path: string): readonly OrganisationRule[] {
  if (path === '') return [];
  try {
    return parseOrganisations(parseJson(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Failure('value', `MERIDIAN_VALIDATION_POLICY ${path} cannot be used: ${(error as Error).message}`);
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

const parseDays =
  (name: string) =>
  (value: string): number => {
    if (/^\d{1,4}$/.test(value) && Number(value) > 0) return Number(value);
    throw new Failure('value', `${name} must be a number of days from 1 to 9999, not "${value}".`);
  };

function parseOperatorToken(value: string): string {
  if (value === '' || /^[\x21-\x7e]{16,512}$/.test(value)) return value;
  throw new Failure('value', 'MERIDIAN_OPERATOR_TOKEN must have 16 to 512 visible characters of ASCII, or be empty.');
}

function parseReferences(value: string): 'accept' | 'reject' {
  if (value === 'accept' || value === 'reject') return value;
  throw new Failure('value', `MERIDIAN_REFERENCES must be accept or reject, not "${value}".`);
}

function parseConditionalDeletes(value: string): number {
  const count = Number(value);
  if (/^\d{1,4}$/.test(value) && count >= 1 && count <= 1000) return count;
  throw new Failure('value', `MERIDIAN_CONDITIONAL_DELETES must be a number from 1 to 1000, not "${value}".`);
}

/** Every setting of a process; docs/reference/configuration.md is printed from this table. */
export const variables = {
  HOST: {
    default: '127.0.0.1',
    parse: parseHost,
    meaning: 'Address to listen on; only the loopback until real sign-in exists.',
  },
  PORT: { default: '8080', parse: parsePort, meaning: 'TCP port to listen on; 0 takes any free one.' },
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
    parse: (value) => value.replace(/\/+$/, ''),
    meaning: 'Address of the FHIR service as clients see it, when it stands behind a proxy.',
  },
  MERIDIAN_POOL: {
    default: '12',
    parse: (value) => Number.parseInt(value, 10) || 12,
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
    parse: parseDays('MERIDIAN_CHANGE_DAYS'),
    meaning: 'Days for which the log of changes is kept for its readers.',
  },
  MERIDIAN_EVENT_DAYS: {
    default: '30',
    parse: parseDays('MERIDIAN_EVENT_DAYS'),
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
    parse: parseHours,
    meaning: 'How many hours the files of a bulk export are kept after it has ended.',
  },
  MERIDIAN_IMPORT_SOURCES: {
    default: '',
    parse: parseSources,
    meaning: 'Addresses (https or file), separated by commas, below which $import may take files; none when empty.',
  },
  MERIDIAN_TEXT_SEARCH: {
    default: 'narrative',
    parse: parseTextSearch,
    meaning:
      'Whose words are indexed as resources are written: narrative for _text, content for _content, too, which makes a write half as dear again, or off.',
  },
  MERIDIAN_REFERENCES: {
    default: 'accept',
    parse: parseReferences,
    meaning:
      'Whether writes may refer to what is not there and delete what others refer to: accept (reported by $dangling-references) or reject.',
  },
  MERIDIAN_CONDITIONAL_DELETES: {
    default: '1',
    parse: parseConditionalDeletes,
    meaning: 'How many resources one conditional delete may delete, from 1 to 1000.',
  },
  MERIDIAN_VALIDATION: {
    default: 'strict',
    parse: parseMode,
    meaning:
      'strict refuses resources that break a rule; lenient stores them, says so and puts down what is wrong ($validation-report).',
  },
  MERIDIAN_VALIDATION_POLICY: {
    default: '',
    parse: readOrganisations,
    meaning: 'JSON file that says for which organisations it is otherwise; see docs/guides/validation.md.',
  },
  LOG_LEVEL: { default: 'warn', parse: parseLogLevel, meaning: 'Least level of the log lines on standard error.' },
} satisfies Record<string, Variable<string | number | readonly string[] | readonly OrganisationRule[]>>;

export type Config = Readonly<{ [Name in keyof typeof variables]: ReturnType<(typeof variables)[Name]['parse']> }>;

/** Reads the environment once; fails with all that is wrong in the first variable that is. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const entries = Object.entries(variables).map(([name, { default: byDefault, parse }]) => [
    name,
    parse(environment[name] ?? byDefault),
  ]);
  return Object.freeze(Object.fromEntries(entries)) as Config;
}
