import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const snomed = termsOf(systems.snomed);
const loincAnswer = termsOf(systems.loinc);

/** Findings in words. */
export const findings = {
  negative: snomed('260385009', '阴性', 'Negative'),
  positive: snomed('10828004', '阳性', 'Positive'),
  trace: snomed('260405006', '微量', 'Trace'),
  groupA: snomed('112144000', 'A型', 'Group A'),
  groupB: snomed('112149005', 'B型', 'Group B'),
  groupO: snomed('58460004', 'O型', 'Group O'),
  groupAB: snomed('165743006', 'AB型', 'Group AB'),
  neverSmoked: loincAnswer('LA18978-9', '从不吸烟', 'Never smoker'),
  smokesDaily: loincAnswer('LA18976-3', '每天吸烟', 'Current every day smoker'),
} as const;

/** Blood groups of Yunnan, per cent (surveys in outline). */
export const bloodGroups = [
  ['groupA', 32],
  ['groupB', 27],
  ['groupO', 33],
  ['groupAB', 8],
] as const;
