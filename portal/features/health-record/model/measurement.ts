import type { CodeableConcept, Observation } from 'fhir/r4.js';
import targets from '../targets.json' with { type: 'json' };
import { type Bounds, type Flag, flagAgainst, observationToReading, type Reading } from './reading.ts';

/** All readings of one kind, newest first. */
export interface Measurement {
  /** The LOINC code, or whatever else tells the kind apart. */
  code: string;
  concept: CodeableConcept;
  isPressure: boolean;
  readings: Reading[];
  latest: Reading;
  decimals: number | undefined;
}

interface Target {
  decimals?: number;
  systolicBelow?: number;
  diastolicBelow?: number;
  goalBelow?: number;
  goalFor?: string[];
  low?: number;
  high?: number;
}

const targetsByCode: Record<string, Target> = targets.measurements;
const order = new Map(Object.keys(targets.measurements).map((code, index) => [code, index]));

// LOINC: ABO group, Rh type. They never change, and stand with the person.
const bloodGroupCodes = ['883-9', '10331-7'];

export const isBloodGroup = ({ code }: Pick<Measurement, 'code'>): boolean => bloodGroupCodes.includes(code);

export const byBloodGroup = (a: Measurement, b: Measurement) =>
  bloodGroupCodes.indexOf(a.code) - bloodGroupCodes.indexOf(b.code);

/** Groups Observations by what they measure: known measurements first, the rest by their latest date. */
export function observationsToMeasurements(observations: readonly Observation[]): Measurement[] {
  const groups = new Map<string, Measurement>();
  for (const observation of observations) {
    const reading = observationToReading(observation);
    if (reading === undefined) continue;
    const code = codeOf(observation.code);
    const group = groups.get(code);
    if (group) group.readings.push(reading);
    else groups.set(code, createMeasurement(code, observation.code, reading));
  }
  for (const measurement of groups.values()) {
    measurement.readings.sort((a, b) => b.at.localeCompare(a.at));
    measurement.latest = measurement.readings[0] ?? measurement.latest;
  }
  return [...groups.values()].sort(byImportance);
}

function createMeasurement(code: string, concept: CodeableConcept, reading: Reading): Measurement {
  return {
    code,
    concept,
    isPressure: reading.diastolic !== undefined,
    readings: [reading],
    latest: reading,
    decimals: targetsByCode[code]?.decimals,
  };
}

const codeOf = ({ coding, text }: CodeableConcept): string => coding?.[0]?.code ?? text ?? '';

function byImportance(a: Measurement, b: Measurement): number {
  const rank = ({ code }: Measurement) => order.get(code) ?? order.size;
  return rank(a) - rank(b) || b.latest.at.localeCompare(a.latest.at);
}

/** Which kinds are drawn as a trend: those with several numbers, in the order in which clinicians look. */
export function chartedMeasurements(measurements: readonly Measurement[]): Measurement[] {
  return targets.chartOrder
    .flatMap((code) => measurements.filter((measurement) => measurement.code === code))
    .filter(({ readings }) => readings.filter(({ value }) => value !== undefined).length > 1);
}

/** The band in which values should lie: the person's goal, else the laboratory's range, else the region's default. */
export interface Band extends Bounds {
  kind: 'goal' | 'range';
  /** For blood pressure, below what the diastolic should be. */
  diastolicHigh?: number;
}

export function bandOf(
  { code, latest }: Pick<Measurement, 'code' | 'latest'>,
  conditionCodes: readonly string[],
): Band | undefined {
  const target = targetsByCode[code];
  if (target?.systolicBelow !== undefined) {
    return { kind: 'goal', high: target.systolicBelow, diastolicHigh: target.diastolicBelow };
  }
  if (target?.goalBelow !== undefined && isAbout(conditionCodes, target.goalFor ?? [])) {
    return { kind: 'goal', high: target.goalBelow };
  }
  if (latest.range) return { kind: 'range', ...latest.range };
  if (target?.low === undefined && target?.high === undefined) return undefined;
  return { kind: 'range', low: target.low, high: target.high };
}

export const isAbout = (codes: readonly string[], prefixes: readonly string[]): boolean =>
  codes.some((code) => prefixes.some((prefix) => code.startsWith(prefix)));

/** The mark beside a reading: a goal is missed from its bound on, the laboratory's own judgement stands otherwise. */
export function flagIn(reading: Reading, band: Band | undefined): Flag | undefined {
  if (reading.flag !== undefined && band?.kind !== 'goal') return reading.flag;
  if (band?.kind !== 'goal' || reading.value === undefined) return reading.flag ?? flagAgainst(reading.value, band);
  const isHigh = band.high !== undefined && reading.value >= band.high;
  const isDiastolicHigh = band.diastolicHigh !== undefined && (reading.diastolic ?? 0) >= band.diastolicHigh;
  return isHigh || isDiastolicHigh ? 'H' : undefined;
}
