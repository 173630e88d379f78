import type { Dosage, MedicationDispense, MedicationRequest, Quantity, Reference } from 'fhir/r4.js';
import { addMonths, type Day, printDay, printInstant } from '../dates.ts';
import { codingOf, conceptOf, inEnglish, referTo } from '../fhir.ts';
import type { Institution } from '../institutions/institution.ts';
import { systems } from '../systems.ts';
import { dosageOf } from '../tables/dosage.ts';
import { type Medicine, type MedicineKey, medicines } from '../tables/medicines.ts';
import type { Chart } from './chart.ts';
import { organizationReference, practitionerReference, type Visit } from './visit.ts';

export interface Prescription {
  key: MedicineKey;
  medicine: Medicine;
  start: Day;
  request: MedicationRequest;
}

interface PrescriptionPlan {
  reason?: Reference;
  /** Days of a short course; a long-term medicine has none. */
  days?: number;
}

const supplyDays = 28;

/** Writes a MedicationRequest: a short course, or a long-term medicine that stays active until it is stopped. */
export function prescribe(
  chart: Chart,
  visit: Visit,
  key: MedicineKey,
  { reason, days }: PrescriptionPlan,
): Prescription {
  const medicine: Medicine = medicines[key];
  const isOver = days !== undefined && visit.day + days < chart.now;
  const request: MedicationRequest = {
    resourceType: 'MedicationRequest',
    id: chart.nextId(),
    status: isOver ? 'completed' : 'active',
    intent: 'order',
    category: [days === undefined ? longTerm : shortCourse],
    medicationCodeableConcept: conceptOfMedicine(medicine),
    subject: chart.subject,
    encounter: visit.reference,
    authoredOn: visit.start,
    requester: practitionerReference(visit.by),
    ...(reason && { reasonReference: [reason] }),
    courseOfTherapyType: days === undefined ? continuous : acute,
    dosageInstruction: dosageFor(medicine),
    dispenseRequest: {
      ...(days === undefined && {
        validityPeriod: { start: printDay(visit.day), end: printDay(addMonths(visit.day, 12)) },
      }),
      quantity: piecesFor(medicine, days ?? supplyDays),
      expectedSupplyDuration: dayQuantity(days ?? supplyDays),
    },
  };
  chart.add(request);
  return { key, medicine, start: visit.day, request };
}

export function stop({ request }: Prescription): void {
  request.status = 'stopped';
}

/** Writes that a supply was handed over. */
export function dispense(
  chart: Chart,
  { medicine, request }: Prescription,
  day: Day,
  days: number,
  at: Institution,
): void {
  const handedOver = printInstant(day, 480 + 5 * chart.random.int(0, 100));
  const dispensed: MedicationDispense = {
    resourceType: 'MedicationDispense',
    id: chart.nextId(),
    status: 'completed',
    medicationCodeableConcept: conceptOfMedicine(medicine),
    subject: chart.subject,
    performer: [{ actor: organizationReference(at) }],
    authorizingPrescription: [referTo('MedicationRequest', request.id ?? '')],
    quantity: piecesFor(medicine, days),
    daysSupply: dayQuantity(days),
    whenHandedOver: handedOver,
    dosageInstruction: dosageFor(medicine),
  };
  chart.add(dispensed);
}

const categorySystem = 'http://terminology.hl7.org/CodeSystem/medicationrequest-category';
const longTerm = conceptOf({ system: categorySystem, code: 'community', zh: '长期处方', en: 'Long-term prescription' });
const shortCourse = conceptOf({
  system: categorySystem,
  code: 'outpatient',
  zh: '门诊处方',
  en: 'Outpatient prescription',
});
const courseSystem = 'http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy';
const continuous = { coding: [{ system: courseSystem, code: 'continuous' }] };
const acute = { coding: [{ system: courseSystem, code: 'acute' }] };

const concepts = new Map<Medicine, MedicationRequest['medicationCodeableConcept']>();
const dosages = new Map<Medicine, Dosage[]>();

function conceptOfMedicine(medicine: Medicine): MedicationRequest['medicationCodeableConcept'] {
  let concept = concepts.get(medicine);
  if (concept === undefined) {
    const { term, product } = medicine;
    concept = { coding: [codingOf(term)], text: product.zh, _text: inEnglish(product.en) };
    concepts.set(medicine, concept);
  }
  return concept;
}

function dosageFor(medicine: Medicine): Dosage[] {
  let dosage = dosages.get(medicine);
  if (dosage === undefined) {
    dosage = [dosageOf(medicine)];
    dosages.set(medicine, dosage);
  }
  return dosage;
}

function piecesFor({ perDay, everyDays = 1, pieces, piece }: Medicine, days: number): Quantity {
  return { value: Math.ceil((days / everyDays) * perDay * pieces), unit: piece.zh };
}

function dayQuantity(value: number): Quantity {
  return { value, unit: '天', system: systems.ucum, code: 'd' };
}
