import { type Actor, operatorAccess } from '#fhir/access/index.ts';
import type { Fhir } from '#fhir/assemble.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import {
  type AccountDependencies,
  addAccount,
  findPerson,
  giveRole,
  isPersonRole,
  listPeople,
  type NewRole,
  resetAccount,
  setLock,
} from '#modules/account/index.ts';
import { createVaultOf, openAccounts } from '../server/accounts.ts';
import { readConfig } from '../server/config.ts';
import { readArguments } from './read-arguments.ts';
import { operatorName, withRecord } from './with-record.ts';

const accountUsage = `meridian account <add|reset|role|lock|unlock|list> [name] [options]

People who may sign in to the portal, for whoever holds the machine. What was done stands in the trail.

  account add <name>     let somebody sign in; prints the one-time code with which they set a password
    --person <ref>         who they are in the record: Practitioner/<id> or Patient/<id>
    --display <name>       their name in characters; --latin <name> the same in Latin letters
    --role <role>          as what they act, such as hospital-physician or administrator
    --organization <ref>   where: Organization/<id>
    --phone <number>       with which they may sign in, too
  account reset <name>   sign them out, remove password and second factors, and print a new one-time code
  account role <name>    give a role (--role, --organization)
  account lock <name>    sign them out and let them in no more; "unlock" takes it back
  account list [text]    who may sign in`;

const options = {
  person: { type: 'string' },
  display: { type: 'string' },
  latin: { type: 'string' },
  role: { type: 'string' },
  organization: { type: 'string' },
  phone: { type: 'string' },
} as const;

type Values = Partial<Record<keyof typeof options, string>>;

interface Desk {
  fhir: Fhir;
  accounts: AccountDependencies;
  actor: Actor;
}

const acts: Record<string, (desk: Desk, name: string, values: Values) => Promise<void>> = {
  add,
  reset: async ({ accounts, actor }, name) => {
    printCode(name, await resetAccount(accounts, actor, await idOf(accounts, name)));
  },
  role: async ({ accounts, actor }, name, values) =>
    giveRole(accounts, actor, await idOf(accounts, name), parseRole(values)),
  lock: async ({ accounts, actor }, name) => setLock(accounts, actor, await idOf(accounts, name), true),
  unlock: async ({ accounts, actor }, name) => setLock(accounts, actor, await idOf(accounts, name), false),
  list,
};

/** Returns the exit code. */
export async function accountCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options);
  const [verb = '', name = '', ...rest] = positionals;
  if (values.help) {
    console.log(accountUsage);
    return 0;
  }
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined;
  if (!act || rest.length > 0 || (name === '' && verb !== 'list')) throw new Failure('value', accountUsage);
  await withRecord('account', async (fhir) => {
    const config = readConfig();
    const accounts = await openAccounts(config, fhir.pool, fhir.trail, createVaultOf(config));
    const actor = { ...operatorAccess.actor, display: operatorName() };
    await act({ fhir, accounts, actor }, name, values);
  });
  return 0;
}

async function add({ fhir, accounts, actor }: Desk, name: string, values: Values): Promise<void> {
  const { person = '', display = '', latin = display, phone } = values;
  const named = parseLiteralReference(person);
  if (!named) throw new Failure('required', 'Say who it is in the record: --person Practitioner/<id> or Patient/<id>.');
  if (display === '') throw new Failure('required', 'Say how they are called: --display 周敏 --latin "Zhou Min".');
  const row = await fhir.store.read(fhir.pool, named.type, named.id);
  if (!row?.content) throw new Failure('not-found', `There is no ${person}. Import it first.`);
  const { code } = await addAccount(accounts, actor, {
    name,
    phone,
    reference: person,
    display: { zh: display, en: latin },
    roles: [parseRole(values)],
  });
  printCode(name, code);
}

function parseRole({ role = '', organization }: Values): NewRole {
  if (!isPersonRole(role))
    throw new Failure('value', 'Say as what they act: --role hospital-physician, administrator ...');
  if (organization !== undefined && !/^Organization\/[A-Za-z0-9\-.]{1,64}$/.test(organization)) {
    throw new Failure('value', 'Write the organisation as Organization/<id>.');
  }
  if (organization === undefined && role !== 'resident' && role !== 'administrator') {
    throw new Failure('required', 'Say where they act: --organization Organization/<id>.');
  }
  return { role, organization };
}

async function idOf(accounts: AccountDependencies, name: string): Promise<string> {
  const found = await findPerson(accounts, name);
  if (found) return found.id;
  throw new Failure('not-found', `Nobody signs in as ${name}. "meridian account list" tells who does.`);
}

async function list({ accounts }: Desk, text: string): Promise<void> {
  let after = '';
  for (;;) {
    const { people, next } = await listPeople(accounts, { text, after });
    for (const { name, display, reference, isLocked, roles } of people) {
      const held = roles.map(({ role, organization }) => [role, organization].filter(Boolean).join(' at ')).join(', ');
      console.log(`${name}  ${display.zh}  ${reference}  ${held}${isLocked ? '  (locked)' : ''}`);
    }
    if (next === undefined) return;
    after = next;
  }
}

function printCode(name: string, code: string): void {
  console.log(`${name} sets a password at /sign-in/set-up with the one-time code ${code}, within three days.`);
}
