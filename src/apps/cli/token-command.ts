import { createToken } from '#adapters/smart/index.ts';
import type { Fhir } from '#fhir/assemble.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isRole, type Principal, parseScope, type Role, roles } from '#modules/access/index.ts';
import { readArguments } from './read-arguments.ts';
import { operatorName, withRecord } from './with-record.ts';

const tokenUsage = `meridian token --as <who> [options]

Prints an access token, for whoever holds the machine: to look at the FHIR service by hand, to try what somebody may see, to
run a script. That it was made, for whom and by whom, stands in the trail. The token is shown once and kept by nobody.

  --as <who>             operator (may do everything), Practitioner/<id> or Patient/<id>
  --role <role>          as what a practitioner acts, such as hospital-physician or administrator
  --organization <ref>   for whom: Organization/<id>
  --scope <scopes>       no more than these SMART scopes, such as "user/Observation.rs"
  --minutes <number>     how long it is good, from 1 to 1440; 60 unless it is said otherwise

  curl -H "Authorization: Bearer $(npx meridian token --as operator)" http://127.0.0.1:8080/fhir/Patient`;

const options = {
  as: { type: 'string' },
  role: { type: 'string' },
  organization: { type: 'string' },
  scope: { type: 'string', multiple: true },
  minutes: { type: 'string', default: '60' },
} as const;

/** Returns the exit code. */
export async function tokenCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options);
  if (values.help) {
    console.log(tokenUsage);
    return 0;
  }
  if (positionals.length > 0 || values.as === undefined) throw new Failure('value', tokenUsage);
  const { as, role, organization } = values;
  const scopes = values.scope?.flatMap((text) => text.split(/\s+/)).filter(Boolean);
  const wrong = scopes?.find((scope) => !parseScope(scope));
  if (wrong !== undefined) throw new Failure('value', `There is no scope "${wrong}". Write it as user/Observation.rs.`);
  const minutes = parseMinutes(values.minutes);
  const token = await withRecord('token', async (fhir) => {
    const principal = { ...(await findPrincipal(fhir, as, role)), organization, scopes };
    if (organization !== undefined) await requireResource(fhir, organization, ['Organization']);
    return createToken(fhir, operatorName(), { principal, minutes });
  });
  console.log(token);
  return 0;
}

function parseMinutes(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1440) return Number(text);
  throw new Failure('value', `--minutes must be a whole number from 1 to 1440, not "${text}".`);
}

async function findPrincipal(fhir: Fhir, as: string, role: string | undefined): Promise<Principal> {
  if (as === 'operator') return { reference: 'operator', display: operatorName(), role: 'operator' };
  const reference = await requireResource(fhir, as, ['Practitioner', 'Patient']);
  const display = `${reference}, by a token of the operator`;
  if (reference.startsWith('Patient/')) return { reference, display, role: 'resident' };
  return { reference, display, role: parseRole(role) };
}

function parseRole(role: string | undefined): Role {
  const choices = Object.keys(roles).filter((name) => !['resident', 'system', 'operator'].includes(name));
  if (role !== undefined && isRole(role) && choices.includes(role)) return role;
  throw new Failure('value', `Say as what they act: --role ${choices.join(', ')}.`);
}

async function requireResource({ store, pool }: Fhir, reference: string, types: string[]): Promise<string> {
  const named = parseLiteralReference(reference);
  if (!named || !types.includes(named.type)) {
    throw new Failure('value', `${reference} is no ${types.join(' or ')}; write it as ${types[0]}/123.`);
  }
  const row = await store.read(pool, named.type, named.id);
  if (row?.content) return `${named.type}/${named.id}`;
  throw new Failure('not-found', `There is no ${named.type}/${named.id}.`);
}
