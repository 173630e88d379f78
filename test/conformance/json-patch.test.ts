import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '#fhir/patch/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonValue, parseJson } from '#lib/json/index.ts';
import { expectScores } from './scores.ts';
import { hasSharedData, sharedData } from './shared-data.ts';

/** The JSON Patch cases of FHIR/fhir-test-cases: examples of RFC 6902 and more. */
interface Case {
  comment: string;
  doc: JsonValue;
  patch: JsonValue;
  expected?: JsonValue;
  error?: string;
}

const file = 'fhir-patch-graphql/r5/patch/json-patch-tests.json';
const isThere = hasSharedData(file);
const cases = isThere ? (parseJson(readFileSync(sharedData + file, 'utf8')) as unknown as Case[]) : [];

describe.skipIf(!isThere)('JSON Patch', () => {
  it('passes in all its cases', () => expectScores('json-patch', { 'JSON Patch': [cases.length, cases.length] }));

  it.each(cases)('$comment', ({ doc, patch, expected, error }) => {
    if (expected === undefined) {
      expect(error).toBeDefined();
      expect(() => applyJsonPatch(doc, patch)).toThrow(Failure);
    } else expect(applyJsonPatch(doc, patch)).toEqual(expected);
  });
});
