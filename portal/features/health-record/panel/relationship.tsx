import type { CodeableConcept } from 'fhir/r4.js';
import { useTranslation } from 'react-i18next';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';

// HL7 codes that records often carry without words. https://terminology.hl7.org/CodeSystem-v3-RoleCode.html
const codes = ['SPS', 'MTH', 'FTH', 'CHILD', 'SON', 'DAU', 'SIB', 'BRO', 'SIS', 'GRMTH', 'GRFTH'] as const;

/** What somebody is to the person: "mother". */
export function Relationship({ concept }: { concept: CodeableConcept | undefined }) {
  const { t } = useTranslation('health-record');
  const code = codes.find((candidate) => concept?.coding?.some((coding) => coding.code === candidate));
  return code ? t(`kinship.${code}`) : <Concept concept={concept} />;
}
