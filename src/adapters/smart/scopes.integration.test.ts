import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertionType, makeKeys, postForm, readWith, register, SmartApp, signAssertion } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';

let server: SmartServer;
let app: SmartApp;

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  const scopes = ['launch/patient', 'patient/*.cruds', 'user/*.cruds'];
  app = new SmartApp(server, await register(server, { id: 'app', kind: 'public', scopes }));
});

afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

async function tokenFor(person: string, scope: string, patient = 'chen'): Promise<string> {
  const { body } = await app.exchange(await app.authorize(person, { patient }, { scope }));
  return body.access_token;
}

const idsOf = async (token: string, query: string): Promise<string[]> => {
  const { body } = await readWith(server, token, query);
  return (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
};

const statusOf = async (token: string, url: string) => (await readWith(server, token, url)).status;

describe('scopes narrower than what the person may', () => {
  it('give the doctor with an application the patient in context alone', async () => {
    const token = await tokenFor('doctor', 'launch/patient patient/*.rs');
    expect(await idsOf(token, '/Observation')).toEqual(['chen-laboratory', 'chen-vital']);
    expect(await idsOf(token, '/Patient')).toEqual(['chen']);
    expect(await statusOf(token, '/Observation/chen-vital')).toBe(200);
    expect(await statusOf(token, '/Observation/wang-laboratory')).toBe(403);
    expect(await statusOf(token, '/Patient/wang')).toBe(403);
  });

  it('give the doctor everybody whom they treat under user/', async () => {
    const token = await tokenFor('doctor', 'user/Observation.rs');
    expect(await idsOf(token, '/Observation')).toEqual(['chen-laboratory', 'chen-vital', 'wang-laboratory']);
    expect(await statusOf(token, '/Patient/chen')).toBe(403);
    expect(await statusOf(token, '/Patient')).toBe(403);
  });

  it('hold to a category, in reads, searches, totals and includes', async () => {
    const scope = 'launch/patient patient/Observation.rs?category=laboratory';
    const token = await tokenFor('doctor', scope);
    expect(await idsOf(token, '/Observation')).toEqual(['chen-laboratory']);
    expect(await statusOf(token, '/Observation/chen-laboratory')).toBe(200);
    expect(await statusOf(token, '/Observation/chen-vital')).toBe(403);
    const counted = await readWith(server, token, '/Observation?_summary=count');
    expect(counted.body.total).toBe(1);
    expect(await idsOf(token, '/Observation?_include=Observation:patient')).toEqual(['chen-laboratory']);
    expect(await idsOf(token, '/Observation?category=vital-signs')).toEqual([]);
  });

  it('never widen what a resident may', async () => {
    const token = await tokenFor('resident', 'launch/patient patient/*.cruds user/*.cruds');
    expect(await idsOf(token, '/Observation')).toEqual(['chen-laboratory', 'chen-vital']);
    expect(await statusOf(token, '/Observation/wang-laboratory')).toBe(403);
    const written = await new Browser(server).visit('/fhir/Observation/chen-vital', {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([written.status, written.body.resourceType]).toEqual([403, 'OperationOutcome']);
  });

  it('that read do not write', async () => {
    const token = await tokenFor('doctor', 'user/*.rs');
    const authorization = `Bearer ${token}`;
    const observation = (await readWith(server, token, '/Observation/chen-vital')).body;
    const put = await new Browser(server).visit('/fhir/Observation/chen-vital', {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/fhir+json' },
      payload: JSON.stringify(observation),
    });
    expect([put.status, put.body.resourceType]).toEqual([403, 'OperationOutcome']);
  });

  it('that name no resource give none', async () => {
    const token = await tokenFor('doctor', 'launch/patient');
    for (const url of ['/Patient/chen', '/Observation', '/Observation/chen-vital', '/Patient/chen/$everything']) {
      expect([url, await statusOf(token, url)]).toEqual([url, 403]);
    }
    for (const url of ['/', '/?_total=accurate', '/_history']) expect(await idsOf(token, url)).toEqual([]);
  });
});

describe('a system', () => {
  it('does what its scopes and the relationships of its organisation both allow', async () => {
    const keys = makeKeys('ES384');
    const scopes = ['system/Patient.rs'];
    await register(server, { id: 'system', kind: 'backend', jwks: keys.jwks, scopes, organization: 'Organization/1' });
    const stranger = { id: 'stranger', kind: 'backend', jwks: keys.jwks, scopes: ['system/*.rs'] } as const;
    await register(server, { ...stranger, scopes: [...stranger.scopes], organization: 'Organization/other' });
    const tokenOf = async (client: string, scope: string): Promise<string> => {
      const form = {
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: assertionType,
        client_assertion: await signAssertion(keys, client, `${server.root}/oidc/token`),
      };
      return (await postForm(server, '/oidc/token', form)).body.access_token;
    };
    const own = await tokenOf('system', 'system/Patient.rs');
    expect(await idsOf(own, '/Patient')).toEqual(['chen', 'wang']);
    expect(await statusOf(own, '/Observation/chen-vital')).toBe(403);
    const others = await tokenOf('stranger', 'system/*.rs');
    for (const url of ['/Observation/chen-vital', '/Patient/chen']) expect(await statusOf(others, url)).toBe(403);
    expect(await idsOf(others, '/Observation')).toEqual([]);
  });
});
