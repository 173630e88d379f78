import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { convertUnit, divideIn, multiplyIn, parseUnit } from '#lib/ucum/index.ts';
import { elementsOf, parseXml, type XmlElement } from '#testing/xml.ts';
import { expectScores, type Score } from './scores.ts';
import { hasSharedData, sharedData } from './shared-data.ts';

/**
 * The functional tests of UCUM as FHIR/Ucum-java has them, in two editions that contradict each other in places. What fails
 * is listed with its reason in ucum-misses.json, which may only shrink. The cases for display names are left out: Meridian
 * shows the unit that was written, never an analysis of its code.
 */
interface Case {
  name: string;
  kind: string;
  attributes: Readonly<Record<string, string>>;
}

const files = ['UcumFunctionalTests.xml', 'UcumFunctionalTests.2.xml'];
const isThere = hasSharedData('ucum');

const listed: Record<string, string> = JSON.parse(readFileSync(new URL('./ucum-misses.json', import.meta.url), 'utf8'));

const casesOf = (file: string): Case[] =>
  elementsOf(parseXml(readFileSync(`${sharedData}ucum/${file}`, 'utf8'))).flatMap((section: XmlElement) =>
    elementsOf(section, 'case').map(({ attributes }) => ({
      name: `${file} ${attributes.id}`,
      kind: section.name,
      attributes,
    })),
  );

const cases = isThere ? files.flatMap(casesOf).filter(({ kind }) => kind !== 'displayNameGeneration') : [];

/** An outcome is written with as many digits as the input warrants. */
function isOutcome(value: number | undefined, outcome: string): boolean {
  if (value === undefined) return false;
  const digits = outcome
    .replace(/[eE].*$/, '')
    .replace(/^-?0*\.?0*/, '')
    .replace('.', '').length;
  const precision = Math.min(Math.max(digits, 2), 7);
  return (
    Math.abs(value - Number(outcome)) <=
    0.5000001 * 10 ** (Math.floor(Math.log10(Math.abs(Number(outcome)))) + 1 - precision)
  );
}

function passes({ kind, attributes }: Case): boolean {
  const { unit = '', valid, value, srcUnit = '', dstUnit = '', outcome = '' } = attributes;
  const { v1, u1 = '', v2, u2 = '', vRes = '', uRes = '' } = attributes;
  switch (kind) {
    case 'validation':
      return (parseUnit(unit) !== undefined) === (valid === 'true');
    case 'conversion':
      return isOutcome(convertUnit({ value: Number(value), unit: srcUnit }, dstUnit), outcome);
    case 'multiplication':
      return isOutcome(multiplyIn({ value: Number(v1), unit: u1 }, { value: Number(v2), unit: u2 }, uRes), vRes);
    case 'division':
      return isOutcome(divideIn({ value: Number(v1), unit: u1 }, { value: Number(v2), unit: u2 }, uRes), vRes);
    default:
      throw new Error(`The suite has a new section: ${kind}`);
  }
}

describe.skipIf(!isThere)('the functional tests of UCUM', () => {
  it('fail where it is listed, and nowhere else', () => {
    const missed = cases.filter((each) => !passes(each)).map(({ name }) => name);
    const scores: Record<string, Score> = {};
    for (const kind of new Set(cases.map((each) => each.kind))) {
      const own = cases.filter((each) => each.kind === kind);
      scores[kind] = [own.filter(({ name }) => !missed.includes(name)).length, own.length];
    }
    expect(missed.sort()).toEqual(Object.keys(listed).sort());
    expectScores('ucum', scores);
  });
});
