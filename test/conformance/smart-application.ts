import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

// The SMART Health IT client library, as those who make applications use it: https://docs.smarthealthit.org/client-js/
const folder = dirname(createRequire(import.meta.url).resolve('fhirclient/package.json'));
const library = readFileSync(join(folder, 'build/fhir-client.js'));

export const scope = 'openid fhirUser launch/patient patient/Patient.rs patient/Observation.rs offline_access';

/** An application of three pages: it is opened by itself, opened from a record, and comes back. */
function pagesOf(iss: string): Record<string, string> {
  const page = (script: string) =>
    `<!doctype html><meta charset="utf-8"><title>Application</title><script src="/fhir-client.js"></script><script>${script}</script>`;
  const common = `clientId: 'chart', redirectUri: '/index.html', completeInTarget: true, pkceMode: 'required'`;
  return {
    '/standalone.html': page(`FHIR.oauth2.authorize({ ${common}, iss: '${iss}', scope: '${scope}' })`),
    '/launch.html': page(
      `FHIR.oauth2.authorize({ ${common}, scope: 'openid fhirUser launch patient/Patient.rs patient/Observation.rs' })`,
    ),
    '/index.html': page(`
      FHIR.oauth2.ready().then(async (client) => {
        const patient = await client.patient.read();
        const observations = await client.patient.request('Observation', { flat: true });
        const refreshed = client.state.tokenResponse.refresh_token ? await client.refresh() : undefined;
        const again = await client.patient.read();
        const refused = await client.request('Patient/wang').then(() => 200, (error) => error.status);
        return { patient: patient.id, again: again.id, observations: observations.map(({ id }) => id).sort(), refused,
          encounter: client.encounter.id, user: client.user.fhirUser, hasRefreshed: refreshed !== undefined,
          scope: client.state.tokenResponse.scope };
      }).then((found) => { window.found = found }, (error) => { window.found = { error: String(error) } })`),
  };
}

export interface SmartApplication {
  /** `http://localhost:12345`: another host than that of the server, so that the rules for other origins and sites count. */
  origin: string;
  stop(): void;
}

/** Serves it to a browser. */
export async function startApplication(fhir: string): Promise<SmartApplication> {
  const pages = pagesOf(fhir);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = path === '/fhir-client.js' ? library : pages[path];
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/html',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}
