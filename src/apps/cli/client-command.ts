import { readFileSync } from 'node:fs';
import {
  addClient,
  type Client,
  type ClientKind,
  listAllClients,
  parseJwks,
  removeClient,
} from '#adapters/smart/index.ts';
import { Failure } from '#lib/failure.ts';
import { readArguments } from './read-arguments.ts';
import { operatorName, withRecord } from './with-record.ts';

const clientUsage = `meridian client add <id> --kind <kind> --scope <scopes> [options]
meridian client list
meridian client remove <id>

Registers the applications that may ask for access to the record (SMART on FHIR), lists them, or removes one with all that
was granted to it: its tokens are refused within a second.

  --kind <kind>          public: an application in a browser or on a phone, which keeps no secret
                         confidential: an application with a server, which has a key
                         backend: a system that acts for itself, which has a key
  --scope <scopes>       the most that it may be granted, such as "openid fhirUser launch/patient patient/*.rs"
  --name <name>          what people are shown; the id when missing
  --redirect <uri>       where it takes people back to, to the letter; may be repeated
  --launch <uri>         where the portal starts it from a record
  --jwks <file or url>   its public keys: a file with a JWKS, or the address where it publishes one
  --organization <ref>   for whom a backend acts, Organization/1: it may do what that organisation may
  --platform             a backend acts for the platform itself: it may see every record that its scopes name
  --trusted              staff are not asked whether it may: the operator has answered for them
  --introspect           may ask what the tokens of others are worth (RFC 7662)`;

const options = {
  kind: { type: 'string' },
  scope: { type: 'string', multiple: true },
  name: { type: 'string' },
  redirect: { type: 'string', multiple: true },
  launch: { type: 'string' },
  jwks: { type: 'string' },
  organization: { type: 'string' },
  platform: { type: 'boolean', default: false },
  trusted: { type: 'boolean', default: false },
  introspect: { type: 'boolean', default: false },
} as const;

/** Returns the exit code. */
export async function clientCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options);
  if (values.help) {
    console.log(clientUsage);
    return 0;
  }
  const [verb, id, ...others] = positionals;
  if (verb === 'list' && id === undefined) return list();
  if (id === undefined || others.length > 0 || (verb !== 'add' && verb !== 'remove')) {
    throw new Failure('value', clientUsage);
  }
  if (verb === 'add') {
    const client = toClient(id, values);
    checkFor(client, values.platform);
    await withRecord('client', (fhir) => addClient(fhir, operatorName(), client));
    console.log(`${id} was registered. It finds all addresses at <server>/fhir/.well-known/smart-configuration.`);
  } else {
    await withRecord('client', (fhir) => removeClient(fhir, operatorName(), id));
    console.log(`${id} was removed, and with it all that was granted to it.`);
  }
  return 0;
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

function toClient(id: string, values: Values): Client {
  const isAddress = values.jwks !== undefined && /^https?:\/\//.test(values.jwks);
  return {
    id,
    kind: parseKind(values.kind),
    name: values.name ?? id,
    scopes: (values.scope ?? []).flatMap((text) => text.split(/\s+/)).filter(Boolean),
    redirectUris: values.redirect ?? [],
    launchUri: values.launch ?? null,
    jwks: values.jwks === undefined || isAddress ? null : parseJwks(readKeys(values.jwks)),
    jwksUri: isAddress ? (values.jwks ?? null) : null,
    organization: values.organization ?? null,
    isTrusted: values.trusted,
    introspects: values.introspect,
  };
}

/** To act for the whole platform must be said, never left out. */
function checkFor({ kind, organization }: Client, isPlatform: boolean): void {
  if (kind === 'backend' && (organization === null) !== isPlatform) {
    throw new Failure('value', 'Say for whom the backend acts: --organization Organization/1, or --platform.');
  }
}

function parseKind(kind: string | undefined): ClientKind {
  if (kind === 'public' || kind === 'confidential' || kind === 'backend') return kind;
  throw new Failure('value', 'Say of which kind it is: --kind public, confidential or backend.');
}

function readKeys(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('value', `${file} cannot be read: ${(error as Error).message}.`);
  }
}

async function list(): Promise<number> {
  const clients = await withRecord('client', listAllClients);
  for (const { id, name, kind, scopes, redirectUris, isTrusted, organization } of clients.slice(0, 1000)) {
    const about = [kind, isTrusted ? 'trusted' : '', organization ?? ''].filter(Boolean).join(', ');
    console.log(`${id}  ${name}  (${about})\n    ${scopes.join(' ')}`);
    for (const uri of redirectUris) console.log(`    ${uri}`);
  }
  if (clients.length === 0) console.log('No application is registered.');
  if (clients.length > 1000) console.log('There are more; the database has them all in smart.client.');
  return 0;
}
