import type { CodeableConcept, Observation, Quantity, Reference } from 'fhir/r4.js';
import { hasCode } from '../../../ui/codeable-concept/codeable-concept.ts';

export type Flag = 'H' | 'L' | 'HH' | 'LL' | 'A';

/** Between what a value should lie; a bound that is missing is open. */
export interface Bounds {
  low?: number;
  high?: number;
}

/** One value of an Observation with all that must stand beside it. https://hl7.org/fhir/R4/observation.html */
export interface Reading {
  id: string;
  at: string;
  value: number | undefined;
  /** Set for blood pressure, whose `value` is the systolic. */
  diastolic?: number;
  /** What was found, where it is not a number. */
  finding?: CodeableConcept;
  text?: string;
  comparator?: Quantity['comparator'];
  /** In which the value was measured; `unitText` writes it. */
  unit: Pick<Quantity, 'unit' | 'code'>;
  range: Bounds | undefined;
  flag: Flag | undefined;
  source: Reference | undefined;
  encounterId: string | undefined;
}

const systolic = ['8480-6'];
const diastolic = ['8462-4'];
const flags: readonly Flag[] = ['HH', 'LL', 'H', 'L', 'A'];
const struckOut = new Set(['entered-in-error', 'cancelled']);

/** The reading of an Observation, or nothing where it holds none to show. */
export function observationToReading(observation: Observation): Reading | undefined {
  const at =
    observation.effectiveDateTime ??
    observation.effectivePeriod?.start ??
    observation.effectiveInstant ??
    observation.issued;
  if (at === undefined || struckOut.has(observation.status)) return undefined;
  const value = contentOf(observation);
  if (value === undefined) return undefined;
  const range = rangeOf(observation);
  return {
    id: observation.id ?? '',
    at,
    range,
    flag: flagOf(observation.interpretation) ?? flagAgainst(value.value, range),
    source: observation.performer?.at(-1),
    encounterId: observation.encounter?.reference?.split('/').at(-1),
    ...value,
  };
}

type Value = Pick<Reading, 'value' | 'diastolic' | 'finding' | 'text' | 'comparator' | 'unit'>;

function contentOf(observation: Observation): Value | undefined {
  const { valueQuantity, valueCodeableConcept, valueString, valueInteger, valueBoolean } = observation;
  if (valueQuantity?.value !== undefined) {
    return { value: valueQuantity.value, comparator: valueQuantity.comparator, unit: valueQuantity };
  }
  if (valueCodeableConcept) return { value: undefined, finding: valueCodeableConcept, unit: {} };
  const text = valueString ?? valueInteger?.toString() ?? valueBoolean?.toString();
  if (text !== undefined) return { value: undefined, text, unit: {} };
  return pressureOf(observation);
}

function pressureOf({ component = [] }: Observation): Value | undefined {
  const high = component.find((part) => hasCode(part.code, ...systolic))?.valueQuantity;
  const low = component.find((part) => hasCode(part.code, ...diastolic))?.valueQuantity;
  if (high?.value === undefined) return undefined;
  return { value: high.value, diastolic: low?.value, unit: high };
}

function rangeOf({ referenceRange }: Observation): Bounds | undefined {
  const normal = referenceRange?.find((range) => range.low ?? range.high);
  return normal && { low: normal.low?.value, high: normal.high?.value };
}

function flagOf(interpretations: readonly CodeableConcept[] | undefined): Flag | undefined {
  return flags.find((flag) => interpretations?.some((concept) => hasCode(concept, flag)));
}

/** The mark that a value earns against bounds; a value on a bound is inside. */
export function flagAgainst(value: number | undefined, bounds: Bounds | undefined): Flag | undefined {
  if (value === undefined || bounds === undefined) return undefined;
  if (bounds.high !== undefined && value > bounds.high) return 'H';
  if (bounds.low !== undefined && value < bounds.low) return 'L';
  return undefined;
}
