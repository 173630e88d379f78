import type { CodeableConcept, Observation, ObservationReferenceRange, Quantity, Reference } from 'fhir/r4.js';
import { bareConcept, conceptOf, referTo, roundTo, type Term } from '../fhir.ts';
import type { Sex } from '../residents/names.ts';
import { systems } from '../systems.ts';
import {
  bloodPressure,
  type Category,
  type Measure,
  type MeasureKey,
  measures,
  type Range,
} from '../tables/measures.ts';
import type { Chart } from './chart.ts';
import { organizationReference, practitionerReference, type Visit } from './visit.ts';

const categories: Readonly<Record<Category, CodeableConcept[]>> = {
  'vital-signs': [bareConcept(systems.observationCategory, 'vital-signs')],
  laboratory: [bareConcept(systems.observationCategory, 'laboratory')],
  exam: [bareConcept(systems.observationCategory, 'exam')],
};
const socialHistory = [bareConcept(systems.observationCategory, 'social-history')];

/** Records a measured value, rounded as the method gives it. */
export function observe(chart: Chart, visit: Visit, key: MeasureKey, value: number): Reference {
  const measure: Measure = measures[key];
  const rounded = roundTo(value, measure.decimals);
  const range =
    chart.ageAt(visit.day) >= 18 || measure.category === 'laboratory' ? rangeOf(measure, chart.person.sex) : undefined;
  const flag = range === undefined ? undefined : flagOf(rounded, range);
  return addObservation(chart, visit, measure.term, categories[measure.category], {
    valueQuantity: quantityOf(measure, rounded),
    ...(flag && { interpretation: [bareConcept(systems.interpretation, flag)] }),
    ...(range && { referenceRange: [referenceRangeOf(measure, range)] }),
  });
}

const systolicMeasure = pressureMeasure(bloodPressure.systolic);
const diastolicMeasure = pressureMeasure(bloodPressure.diastolic);
const systolicRange = [referenceRangeOf(systolicMeasure, { low: 90, high: 139 })];
const diastolicRange = [referenceRangeOf(diastolicMeasure, { low: 60, high: 89 })];

/** The blood pressure panel. http://hl7.org/fhir/R4/bp.html */
export function observeBloodPressure(chart: Chart, visit: Visit, systolic: number, diastolic: number): Reference {
  return addObservation(chart, visit, bloodPressure.panel, categories['vital-signs'], {
    component: [
      pressureComponent(systolicMeasure, Math.round(systolic), { low: 90, high: 139 }, systolicRange),
      pressureComponent(diastolicMeasure, Math.round(diastolic), { low: 60, high: 89 }, diastolicRange),
    ],
  });
}

/** Records a finding in words. */
export function observeTerm(
  chart: Chart,
  visit: Visit,
  code: Term,
  value: Term,
  category: 'laboratory' | 'exam' | 'social',
): Reference {
  const own = category === 'social' ? socialHistory : categories[category];
  return addObservation(chart, visit, code, own, { valueCodeableConcept: conceptOf(value) });
}

/** Records a score without a unit. */
export function observeScore(chart: Chart, visit: Visit, code: Term, value: number): Reference {
  return addObservation(chart, visit, code, categories.exam, { valueInteger: value });
}

function addObservation(
  chart: Chart,
  visit: Visit,
  code: Term,
  category: CodeableConcept[],
  content: Partial<Observation>,
): Reference {
  const id = chart.nextId();
  const isLaboratory = category === categories.laboratory;
  chart.add({
    resourceType: 'Observation',
    id,
    status: 'final',
    category,
    code: conceptOf(code),
    subject: chart.subject,
    encounter: visit.reference,
    effectiveDateTime: visit.start,
    performer: [isLaboratory ? organizationReference(visit.at) : practitionerReference(visit.by)],
    ...content,
  });
  return referTo('Observation', id);
}

function pressureMeasure(term: Term): Measure {
  return { term, category: 'vital-signs', unit: 'mmHg', ucum: 'mm[Hg]', decimals: 0 };
}

function pressureComponent(measure: Measure, value: number, range: Range, referenceRange: ObservationReferenceRange[]) {
  const flag = flagOf(value, range);
  return {
    code: conceptOf(measure.term),
    valueQuantity: quantityOf(measure, value),
    ...(flag && { interpretation: [bareConcept(systems.interpretation, flag)] }),
    referenceRange,
  };
}

function rangeOf({ range }: Measure, sex: Sex): Range | undefined {
  if (range === undefined) return undefined;
  return 'male' in range ? range[sex] : range;
}

function flagOf(value: number, { low, high }: Range): 'H' | 'L' | undefined {
  if (high !== undefined && value > high) return 'H';
  return low !== undefined && value < low ? 'L' : undefined;
}

function referenceRangeOf(measure: Measure, { low, high }: Range): ObservationReferenceRange {
  return {
    ...(low !== undefined && { low: quantityOf(measure, low) }),
    ...(high !== undefined && { high: quantityOf(measure, high) }),
  };
}

function quantityOf({ unit, ucum }: Measure, value: number): Quantity {
  return { value, unit, system: systems.ucum, code: ucum };
}
