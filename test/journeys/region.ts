import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemonstrationPerson } from '../../src/adapters/portal/index.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const environment = Object.fromEntries(Object.entries(import.meta.env).map(([name, value]) => [name, String(value)]));

/** A server of its own with the demonstration region, on a data folder that goes with it. */
export interface Region {
  address: string;
  /** MERIDIAN_DATA, for the command line. */
  folder: string;
  people: DemonstrationPerson[];
  /** What the server has said at its start. */
  said: string;
  /** Who somebody of the demonstration is in the record: `Practitioner/...`, `Patient/...`. */
  referenceOf(personId: string): string;
  /** The Patient of a demonstration resident. */
  patientId(personId: string): string;
  /** Writes resources as a transaction, as an institution would. */
  record(resources: readonly { resourceType: string; id: string }[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server as `npm start` does and waits until it is ready. */
export async function startRegion(...options: string[]): Promise<Region> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-journey-'));
  const token = randomUUID();
  const server = spawn(process.execPath, ['src/apps/server/main.ts', ...options], {
    cwd: repository,
    env: { ...environment, MERIDIAN_DATA: folder, PORT: '0', DATABASE_URL: '', MERIDIAN_OPERATOR_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const { address, said } = await readAddress(server);
  await waitUntilReady(address);
  const people = (await (await fetch(`${address}/portal/api/demo-people`)).json()) as DemonstrationPerson[];
  return {
    address,
    folder,
    said,
    people,
    referenceOf: (id) => referenceOf(people, id),
    patientId: (id) => referenceOf(people, id).replace('Patient/', ''),
    record: (resources) => record(address, token, resources),
    stop,
  };
}

function readAddress(server: ChildProcess): Promise<{ address: string; said: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /Meridian is ready: (http:\S+)/.exec(said)?.[1];
      if (address && said.includes('Stop with Ctrl+C')) resolve({ address, said });
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready:\n${said}`)));
  });
}

async function waitUntilReady(address: string) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`${address}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${address}/healthz does not answer.`);
}

function referenceOf(people: readonly DemonstrationPerson[], id: string): string {
  const reference = people.find((person) => person.id === id)?.reference;
  if (!reference) throw new Error(`The region has nobody called "${id}".`);
  return reference;
}

async function record(address: string, token: string, resources: readonly { resourceType: string; id: string }[]) {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const answer = await fetch(`${address}/fhir`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  if (!answer.ok) throw new Error(`The transaction was refused: ${await answer.text()}`);
}
