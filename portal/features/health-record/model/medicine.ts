import type { CodeableConcept, MedicationDispense, MedicationRequest, Reference } from 'fhir/r4.js';
import { hasCode } from '../../../ui/codeable-concept/codeable-concept.ts';
import { toTimestamp } from '../../../ui/date-time/date-time.ts';

/** A medicine that was prescribed. https://hl7.org/fhir/R4/medicationrequest.html */
export interface Medicine {
  id: string;
  concept: CodeableConcept;
  dose: CodeableConcept;
  isCurrent: boolean;
  isLongTerm: boolean;
  prescribed: string | undefined;
  /** When it was first prescribed, as far as the current prescriptions tell. */
  since: string | undefined;
  /** Until when what was supplied lasts. */
  suppliedUntil: string | undefined;
  source: Reference | undefined;
}

const dayMs = 86_400_000;

export function medicationRequestToMedicine(request: MedicationRequest): Medicine {
  const dosage = request.dosageInstruction?.[0];
  return {
    id: request.id ?? '',
    concept: request.medicationCodeableConcept ?? { text: request.medicationReference?.display },
    dose: { text: dosage?.text, _text: dosage?._text },
    isCurrent: request.status === 'active',
    isLongTerm: request.courseOfTherapyType
      ? hasCode(request.courseOfTherapyType, 'continuous')
      : request.status === 'active',
    prescribed: request.authoredOn,
    since: request.authoredOn,
    suppliedUntil: suppliedUntil(request),
    source: request.requester,
  };
}

function suppliedUntil({ dispenseRequest, authoredOn }: MedicationRequest): string | undefined {
  if (dispenseRequest?.validityPeriod?.end) return dispenseRequest.validityPeriod.end;
  const duration = dispenseRequest?.expectedSupplyDuration;
  if (authoredOn === undefined || duration?.value === undefined || (duration.code ?? 'd') !== 'd') return undefined;
  const refills = 1 + (dispenseRequest?.numberOfRepeatsAllowed ?? 0);
  return dayAfter(authoredOn, duration.value * refills);
}

/** Medicines that the person takes for long, the newest prescription of each, with the supply last handed over. */
export function longTermMedicines(
  requests: readonly MedicationRequest[],
  dispenses: readonly MedicationDispense[],
): Medicine[] {
  const lastingUntil = supplyByRequest(dispenses);
  const current = requests
    .map(medicationRequestToMedicine)
    .filter((medicine) => medicine.isCurrent && medicine.isLongTerm)
    .sort((a, b) => (b.prescribed ?? '').localeCompare(a.prescribed ?? ''));
  const byName = new Map<string, Medicine>();
  for (const medicine of current) {
    const key = medicine.concept.coding?.[0]?.code ?? medicine.concept.text ?? medicine.id;
    const newer = byName.get(key);
    if (newer) newer.since = medicine.prescribed ?? newer.since;
    else byName.set(key, { ...medicine, suppliedUntil: lastingUntil.get(medicine.id) ?? medicine.suppliedUntil });
  }
  return [...byName.values()];
}

/** Until when the last hand-over of each prescription lasts. https://hl7.org/fhir/R4/medicationdispense.html */
function supplyByRequest(dispenses: readonly MedicationDispense[]): Map<string, string> {
  const untilById = new Map<string, string>();
  for (const { whenHandedOver, daysSupply, authorizingPrescription, status } of dispenses) {
    const id = authorizingPrescription?.[0]?.reference?.split('/').at(-1);
    if (id === undefined || whenHandedOver === undefined || daysSupply?.value === undefined || status !== 'completed')
      continue;
    const until = dayAfter(whenHandedOver, daysSupply.value);
    if (until > (untilById.get(id) ?? '')) untilById.set(id, until);
  }
  return untilById;
}

const dayAfter = (date: string, days: number): string =>
  new Date(toTimestamp(date) + days * dayMs).toISOString().slice(0, 10);

/** Whole days from now until the supply ends; negative when it has. */
export function daysLeft({ suppliedUntil: until }: Medicine, now: Date): number | undefined {
  return until === undefined ? undefined : Math.ceil((toTimestamp(until) - now.getTime()) / dayMs);
}
