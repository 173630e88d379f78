import { expect, test } from 'vitest';
import { createHttp } from './http.ts';

test('an address that cannot be decoded is refused in FHIR', async () => {
  const app = createHttp('silent', { isReady: true, state: '', check: async () => undefined });
  app.get('/fhir/:type/:id', async () => 'found');
  for (const url of ['/fhir/Patient/%zz', '/fhir/Patient/%ff']) {
    const answer = await app.inject({ url, headers: { host: 'localhost' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().resourceType).toBe('OperationOutcome');
  }
  await app.close();
});
