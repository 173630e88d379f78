import type { ChargeItem, Claim, CodeableConcept, Coverage, Invoice, MedicationRequest, Money } from 'fhir/r4.js';
import type { Language } from '../../settings/language.ts';
import { formatDate } from '../../ui/date-time/date-time.ts';
import type { OpenedView } from './health-code.resource.ts';

export interface OpenedLine {
  key: string;
  title: string;
  detail: string;
}

type Shown = MedicationRequest | Invoice | ChargeItem | Claim | Coverage;

const textOf = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? concept?.coding?.[0]?.code;

const moneyOf = (money: Money | undefined): string | undefined =>
  money?.value === undefined ? undefined : `${money.value.toFixed(2)} ${money.currency ?? ''}`.trim();

/** A resource that was opened at a counter, in a line. */
export function lineOf(opened: OpenedView['resources'][number], locale: Language): OpenedLine {
  const resource = opened as unknown as Shown;
  const day = (value: string | undefined) => (value === undefined ? undefined : formatDate(value, locale));
  const line = (title: string | undefined, ...details: (string | undefined)[]): OpenedLine => ({
    key: `${resource.resourceType}/${resource.id}`,
    title: title ?? resource.resourceType,
    detail: details.filter((detail) => detail !== undefined && detail !== '').join(' · '),
  });
  switch (resource.resourceType) {
    case 'MedicationRequest':
      return line(
        textOf(resource.medicationCodeableConcept) ?? resource.medicationReference?.display,
        resource.dosageInstruction?.[0]?.text,
        day(resource.authoredOn),
      );
    case 'Invoice':
      return line(textOf(resource.type), moneyOf(resource.totalGross ?? resource.totalNet), day(resource.date));
    case 'ChargeItem':
      return line(textOf(resource.code), moneyOf(resource.priceOverride), day(resource.occurrenceDateTime));
    case 'Claim':
      return line(textOf(resource.type), moneyOf(resource.total), day(resource.created));
    case 'Coverage':
      return line(textOf(resource.type), day(resource.period?.end));
    default:
      return line(undefined);
  }
}
