import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { expectScores, type Score } from './scores.ts';
import { hasSharedData } from './shared-data.ts';
import { type Json, mismatch } from './terminology/match.ts';
import { type Ecosystem, type Resource, readEcosystem, type Suite, type SuiteTest } from './terminology/suite.ts';
import { toR5 } from './terminology/to-r5.ts';

/**
 * The general suites of HL7's terminology ecosystem: results and codes are compared, wording is not. What is missed is
 * listed in terminology-misses.json, which may only shrink.
 */
const isThere = hasSharedData('fhir-tx-ecosystem/tests.tar.gz');
const ecosystem: Ecosystem = isThere ? readEcosystem() : { suites: [], read: () => ({ resourceType: '' }) };
const listed: Record<string, string> = JSON.parse(
  readFileSync(new URL('./terminology-misses.json', import.meta.url), 'utf8'),
);

const addresses: Record<string, string> = {
  expand: '/ValueSet/$expand',
  'validate-code': '/ValueSet/$validate-code',
  'cs-validate-code': '/CodeSystem/$validate-code',
  lookup: '/CodeSystem/$lookup',
  translate: '/ConceptMap/$translate',
  'batch-validate': '/ValueSet/$batch-validate-code',
};

const scores: Record<string, Score> = {};

describe.skipIf(!isThere)('terminology ecosystem', () => {
  describe.each(ecosystem.suites.map((suite) => ({ ...suite, suite })))('$name', ({ suite }) => {
    let server: TestServer;

    beforeAll(async () => {
      server = await startTestServer();
      await storeSetup(server, suite);
    });
    afterAll(async () => {
      await server?.stop();
    });

    it('misses only what is listed', async () => {
      const known = Object.keys(listed).filter((name) => name.startsWith(`${suite.name}/`));
      const missed: string[] = [];
      for (const test of suite.tests) {
        const found = await check(server, test);
        if (found === undefined) continue;
        const name = `${suite.name}/${test.name}`;
        missed.push(name);
        if (!known.includes(name)) process.stderr.write(`${suite.name} ${test.name} ${found}\n`);
      }
      scores[suite.name] = [suite.tests.length - missed.length, suite.tests.length];
      expect(missed.sort()).toEqual(known.sort());
    });
  });

  it('passes but for what is listed', () => expectScores('terminology-ecosystem', scores));
});

async function storeSetup(server: TestServer, suite: Suite): Promise<void> {
  const changes = suite.setup.map((file, index) => {
    const resource = ecosystem.read(file);
    return { type: resource.resourceType, id: `setup-${index}`, method: 2 as const, resource, isNew: true };
  });
  await server.context.store.commit(changes);
}

async function check(server: TestServer, test: SuiteTest): Promise<string | undefined> {
  const address = addresses[test.operation];
  if (!address) throw new Error(`No address for ${test.operation}`);
  const body = test.request ? ecosystem.read(test.request) : { resourceType: 'Parameters' };
  const answer = await server.send('POST', address, withProfile(body, test), headersOf(test));
  const wanted = test['http-code'] ?? '2xx';
  const found = [test.response, test.response2].map((file) => {
    if (!file) return undefined;
    return mismatch(ecosystem.read(file) as Json, toR5(answer.body)) ?? '';
  });
  if (found.includes('') && String(answer.status).charAt(0) === wanted.charAt(0)) return undefined;
  return `${answer.status}: ${found[0]} <- ${answer.text.slice(0, 3000)}`;
}

function withProfile(body: Resource, { profile }: SuiteTest): Resource {
  if (!profile) return body;
  return { ...body, parameter: [...(body.parameter as Json[]), ...(ecosystem.read(profile).parameter as Json[])] };
}

function headersOf(test: SuiteTest): Record<string, string> {
  const headers: Record<string, string> = {};
  if (test['Accept-Language']) headers['accept-language'] = test['Accept-Language'];
  if (test.header) headers[test.header.name.toLowerCase()] = test.header.value;
  return headers;
}
