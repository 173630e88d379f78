import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addClient, type Client, removeClient } from '#adapters/smart/index.ts';
import { noTrail, operatorAccess } from '#fhir/access/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createVault } from '#lib/vault.ts';
import { ensureDemonstration } from '#modules/account/index.ts';
import { createTestDatabase } from '#testing/database.ts';
import { openAccounts } from './accounts.ts';
import { readConfig } from './config.ts';
import { mayStillAct } from './still-acts.ts';

let pool: Pool;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'test' });
});

afterAll(async () => {
  await pool.end();
  await drop();
});

test('what a client has asked for ends when it is removed', async () => {
  const client: Client = {
    id: 'lab',
    name: 'Laboratory',
    kind: 'backend',
    redirectUris: [],
    launchUri: null,
    scopes: ['system/Observation.rs'],
    jwks: null,
    jwksUri: 'https://lab.example/jwks',
    organization: 'Organization/own',
    isTrusted: false,
    introspects: false,
  };
  const operating = { pool, trail: noTrail, now: Date.now };
  const actor = { reference: 'Device/lab', display: 'Laboratory', role: 'system', purpose: 'HOPERAT', client: 'lab' };
  const ofOwn = { ...actor, organization: 'Organization/own' };
  expect(await mayStillAct(pool, ofOwn)).toBe(false);
  await addClient(operating, 'root', client);
  expect(await mayStillAct(pool, ofOwn)).toBe(true);
  expect(await mayStillAct(pool, { ...actor, organization: 'Organization/other' })).toBe(false);
  await removeClient(operating, 'root', 'lab');
  expect(await mayStillAct(pool, ofOwn)).toBe(false);
});

test('what a person has asked for ends with their role, and with their account', async () => {
  const accounts = await openAccounts(readConfig({}), pool, noTrail, createVault(randomBytes(32)));
  await ensureDemonstration(accounts, operatorAccess.actor, {
    name: 'doctor',
    demonstration: 'doctor',
    display: { zh: '医生', en: 'Doctor' },
    reference: 'Practitioner/d',
    roles: [{ role: 'family-doctor', organization: 'Organization/own' }],
  });
  const doctor = { reference: 'Practitioner/d', display: 'Doctor', role: 'family-doctor', purpose: 'TREAT' };
  const ofOwn = { ...doctor, organization: 'Organization/own' };
  expect(await mayStillAct(pool, ofOwn)).toBe(true);
  expect(await mayStillAct(pool, { ...ofOwn, role: 'administrator' })).toBe(false);
  expect(await mayStillAct(pool, doctor)).toBe(false);
  await pool.query('update account.account set locked_at = now()');
  expect(await mayStillAct(pool, ofOwn)).toBe(false);
  await pool.query('update account.account set locked_at = null');
  await pool.query(
    `update account.role set valid_until = now() - interval '1 second', valid_from = now() - interval '1 day'`,
  );
  expect(await mayStillAct(pool, ofOwn)).toBe(false);
});
