import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registerPages } from './pages.ts';

let distFolder: string;

beforeEach(() => {
  distFolder = mkdtempSync(join(tmpdir(), 'meridian-portal-'));
  mkdirSync(join(distFolder, 'assets'));
  writeFileSync(join(distFolder, 'index.html'), '<script nonce="__csp-nonce__" src="/assets/main-1a2b.js"></script>');
  writeFileSync(join(distFolder, 'assets/main-1a2b.js'), 'export {};');
});

afterEach(() => rmSync(distFolder, { recursive: true }));

async function startPortal() {
  const app = Fastify();
  await registerPages(app, distFolder);
  app.get('/fhir/metadata', async () => ({ resourceType: 'CapabilityStatement' }));
  return app;
}

describe('the pages of the portal', () => {
  test.each(['/', '/sign-in', '/people/019a-77?tab=1', '/me/timeline'])(
    '%s is the one page, never cached',
    async (url) => {
      const answer = await (await startPortal()).inject(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  test('run only scripts of this host, each page under a nonce of its own', async () => {
    const app = await startPortal();
    const [first, second] = [await app.inject('/'), await app.inject('/')];
    const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1];
    expect(first.headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(first.headers['content-security-policy']).toContain("default-src 'none'");
    expect(second.body).not.toContain(nonce);
  });

  test('keep hashed files for a year, and do not answer for a file that is gone', async () => {
    const app = await startPortal();
    const asset = await app.inject('/assets/main-1a2b.js');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['x-content-type-options']).toBe('nosniff');
    expect((await app.inject('/assets/main-0000.js')).statusCode).toBe(404);
  });

  test('leave other interfaces alone', async () => {
    const app = await startPortal();
    expect((await app.inject('/fhir/metadata')).json()).toEqual({ resourceType: 'CapabilityStatement' });
    expect((await app.inject('/fhir/Nothing/1')).statusCode).toBe(404);
  });

  test('are refused in words when the portal is not built', async () => {
    rmSync(join(distFolder, 'index.html'));
    await expect(startPortal()).rejects.toThrow('The portal is not built');
  });
});
