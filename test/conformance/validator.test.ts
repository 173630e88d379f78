import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasSharedData } from './shared-data.ts';
import { type Case, errorsIn, readCases } from './validator/suite.ts';

/**
 * The cases of FHIR/fhir-test-cases for R4 that need no package: is a resource valid, in the opinion of the reference
 * validator? Of four modules every miss is listed by name with its reason; of the others only the figures are printed.
 */
const suite = 'fhir-validator-r4';
const gated = ['profile', 'questionnaire', 'bundle'];
const leastShare = 0.92;

const misses = JSON.parse(readFileSync(new URL('validator-misses.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

const agrees = (item: Case): boolean => (errorsIn(item).length === 0) === item.isValid;

describe.skipIf(!hasSharedData(suite))('whether resources are valid, as the reference validator sees it', () => {
  const cases = hasSharedData(suite) ? readCases() : [];
  const modules = [...new Set(cases.map(({ module }) => module))].sort();

  test('the modules have their cases', () => {
    expect(cases.filter(({ module }) => gated.includes(module)).length).toBeGreaterThanOrEqual(202);
  });

  test(`at least ${leastShare * 100} % of the gated modules agree, and the misses are those that are listed`, () => {
    const inGate = cases.filter(({ module }) => gated.includes(module));
    const missed = inGate.filter((item) => !agrees(item)).map(({ module, name }) => `${module}: ${name}`);
    const passed = inGate.length - missed.length;
    process.stderr.write(`Validator suite, gated modules: ${passed} of ${inGate.length}\n`);
    expect(missed.sort()).toEqual(Object.keys(misses).sort());
    expect(passed / inGate.length).toBeGreaterThanOrEqual(leastShare);
  });

  test.each(modules)('the figures of %s', (module) => {
    const ofModule = cases.filter((item) => item.module === module);
    const passed = ofModule.filter(agrees).length;
    process.stderr.write(`Validator suite, ${module}: ${passed} of ${ofModule.length}\n`);
    expect(passed).toBeGreaterThanOrEqual(leastPassed[module] ?? 0);
  });
});

/** What passes today may not fail tomorrow. */
const leastPassed: Record<string, number> = {
  bundle: 22,
  extensions: 19,
  fmt: 5,
  general: 25,
  matchetype: 25,
  profile: 109,
  questionnaire: 61,
  references: 13,
  sd: 10,
  xhtml: 12,
};
