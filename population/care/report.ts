import type { Reference } from 'fhir/r4.js';
import { bareConcept, conceptOf, inEnglish, type Term, type Words } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { Chart } from './chart.ts';
import { organizationReference, type Visit } from './visit.ts';

/** HL7's sections of diagnostic services: laboratory, radiology, ultrasound, cardiac electrophysiology. */
export type Section = 'LAB' | 'RAD' | 'OUS' | 'EC' | 'CT';

/** Groups results, or gives a finding in words, as a DiagnosticReport. */
export function report(
  chart: Chart,
  visit: Visit,
  section: Section,
  code: Term,
  { results, conclusion }: { results?: readonly Reference[]; conclusion?: Words },
): void {
  chart.add({
    resourceType: 'DiagnosticReport',
    id: chart.nextId(),
    status: 'final',
    category: [bareConcept(systems.diagnosticSection, section)],
    code: conceptOf(code),
    subject: chart.subject,
    encounter: visit.reference,
    effectiveDateTime: visit.start,
    issued: visit.start,
    performer: [organizationReference(visit.at)],
    ...(results && { result: [...results] }),
    ...(conclusion && { conclusion: conclusion.zh, _conclusion: inEnglish(conclusion.en) }),
  });
}
