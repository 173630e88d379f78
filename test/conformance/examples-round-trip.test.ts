import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, type JsonValue, parseJson, printJson } from '#lib/json/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { hasSharedData, readLines } from './shared-data.ts';

const suite = 'fhir-r4-examples/examples.ndjson.gz';

/** Members in one order, so that equal JSON is equal text; numbers keep their digits. */
function sortMembers(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  const entries = Object.entries(value as JsonObject).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sortMembers(member as JsonValue)]));
}

/** What the client sent, as text: the server's own meta.versionId and meta.lastUpdated apart. */
function comparable(text: string): string {
  const resource = parseJson(text) as JsonObject;
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...meta } = (resource.meta ?? {}) as JsonObject;
  return printJson(sortMembers({ ...resource, meta }));
}

describe.skipIf(!hasSharedData(suite))('the official R4 examples', () => {
  let server: TestServer;
  const lines = hasSharedData(suite) ? readLines(suite) : [];

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  test(`are there, ${lines.length} of them`, () => {
    expect(lines).toHaveLength(732);
  });

  test.each(lines.map((line) => ({ line, ...(parseJson(line) as { resourceType: string; id: string }) })))(
    '$resourceType/$id survives create and read, to the digit',
    async ({ line, resourceType, id }) => {
      const created = await server.send('PUT', `/${resourceType}/${id}`, line);
      // One id comes twice among the examples; the second is an update.
      expect([200, 201], created.text.slice(0, 500)).toContain(created.status);
      const read = await server.get(`/${resourceType}/${id}`);
      expect(comparable(read.text)).toBe(comparable(line));
    },
  );
});
