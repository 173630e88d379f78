import { userInfo } from 'node:os';
import type { FhirContext } from '#fhir/rest/index.ts';
import { type ExpungeScope, expungeResource } from '#fhir/rest/operations/index.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { readConfig } from '../server/config.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const expungeUsage = `meridian expunge <type>/<id>... [options]

Removes resources from the record for good, with all their versions and what the search index holds of them, and writes an
AuditEvent that says so. The type and the id stay, since others may refer to them. Backups made before keep what they hold.

  --previous         only the versions that are not current
  --version <n,...>  only these versions
  --reason <text>    why; it stands in the AuditEvent
  --yes              do it; without it, the command only says what would be removed`;

const connections = 2;

const options = {
  previous: { type: 'boolean' },
  version: { type: 'string' },
  reason: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

/** Returns the exit code. */
export async function expungeCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options);
  if (values.help) {
    console.log(expungeUsage);
    return 0;
  }
  if (positionals.length === 0) throw new Failure('required', 'Name a resource to expunge, such as Patient/123.');
  const resources = positionals.map(parseName);
  const scope = parseScope(values);
  const config = readConfig();
  const database = await openRecord(config);
  const services = wire(database.connectionString, connections, 'meridian expunge', config.MERIDIAN_TEXT_SEARCH);
  try {
    const fhir = services.fhir('');
    for (const resource of resources) {
      if (values.yes) await expunge(fhir, resource, scope, values.reason);
      else await announce(fhir, resource, scope);
    }
    if (!values.yes) console.log('Nothing was removed. Repeat the command with --yes to do it.');
    return 0;
  } finally {
    await services.stop();
    await database.stop();
  }
}

interface Named {
  type: string;
  id: string;
}

function parseName(text: string): Named {
  const named = /_history/.test(text) ? undefined : parseLiteralReference(text);
  if (named) return named;
  throw new Failure('value', `${text} is no resource; write it as Patient/123.`);
}

function parseScope({ previous, version }: { previous?: boolean; version?: string }): ExpungeScope {
  if (previous && version !== undefined) throw new Failure('value', 'Say either --previous or --version.');
  if (previous) return 'previous';
  if (version === undefined) return 'everything';
  if (!/^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/.test(version)) {
    throw new Failure('value', '--version takes numbers of versions, such as 2 or 1,2.');
  }
  return { versions: version.split(',').map(Number) };
}

function describe(scope: ExpungeScope): string {
  if (scope === 'previous') return 'all versions but the current one';
  return typeof scope === 'object' ? `version ${scope.versions.join(', ')}` : 'everything';
}

async function announce({ store, pool }: FhirContext, { type, id }: Named, scope: ExpungeScope): Promise<void> {
  const row = await store.read(pool, type, id);
  if (!row) throw new Failure('not-found', `There is no ${type}/${id}.`);
  const versions = await store.history.countVersions(pool, row.rid);
  const state = row.content === null ? 'deleted' : `at version ${row.version}`;
  console.log(`${type}/${id} (${state}, ${versions} versions in the record): ${describe(scope)} would be removed.`);
}

async function expunge(
  fhir: FhirContext,
  resource: Named,
  scope: ExpungeScope,
  reason: string | undefined,
): Promise<void> {
  const who = `Operator, by command line as ${userInfo().username}`;
  const { versions } = await expungeResource(fhir, resource, scope, { who, reason });
  console.log(`${resource.type}/${resource.id}: ${versions.length} versions were removed.`);
}
