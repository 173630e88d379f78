import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectScores, type Score } from './scores.ts';
import { hasSharedData } from './shared-data.ts';
import { type Case, errorsIn, readCases } from './validator/suite.ts';

/**
 * The cases of FHIR/fhir-test-cases for R4 that need no package: is a resource valid, in the opinion of the reference
 * validator? Of three modules every miss is listed by name with its reason; of the others only the figures are kept.
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

  test(`at least ${leastShare * 100} % of the gated modules agree, and the misses are those that are listed`, () => {
    const inGate = cases.filter(({ module }) => gated.includes(module));
    const missed = inGate.filter((item) => !agrees(item)).map(({ module, name }) => `${module}: ${name}`);
    const passed = inGate.length - missed.length;
    expect(missed.sort()).toEqual(Object.keys(misses).sort());
    expect(passed / inGate.length).toBeGreaterThanOrEqual(leastShare);
  });

  test('every module agrees as often as it is known to', () => {
    const scoreOf = (module: string): Score => {
      const ofModule = cases.filter((item) => item.module === module);
      return [ofModule.filter(agrees).length, ofModule.length];
    };
    const scoresOf = (names: string[]) => Object.fromEntries(names.map((module) => [module, scoreOf(module)]));
    expectScores('validator', scoresOf(gated));
    expectScores('validator-others', scoresOf(modules.filter((module) => !gated.includes(module))));
  });
});
