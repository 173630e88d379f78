import { expect } from 'vitest';
import suites from './suites.json' with { type: 'json' };

/** How many of a suite's cases pass, and how many there are. */
export type Score = readonly [passed: number, cases: number];

/**
 * Prints what a suite passes, and fails when that is not what suites.json says, from which docs/reference/conformance.md
 * is printed: so that neither a loss nor a gain goes unnoticed.
 */
export function expectScores(name: string, scores: Readonly<Record<string, Score>>): void {
  for (const [part, [passed, cases]] of Object.entries(scores)) {
    process.stderr.write(`${name}, ${part}: ${passed} of ${cases}\n`);
  }
  const suite = suites.find((each) => each.name === name);
  expect(scores, `Write what ${name} passes to suites.json, then run npm run generate.`).toEqual(suite?.scores);
}
