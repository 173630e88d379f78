import { useTranslation } from 'react-i18next';

const known = [
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'Claim',
  'Condition',
  'Consent',
  'Coverage',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'FamilyMemberHistory',
  'Immunization',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
] as const;

/** Resources by their types, in words: measurements 3, visits 1. */
export function useTypeCounts() {
  const { t } = useTranslation('patient-index');
  const nameOf = (type: string): string => {
    const found = known.find((one) => one === type);
    return found ? t(`type.${found}`) : type;
  };
  return (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([type, count]) => `${nameOf(type)} ${count}`)
      .join(t('comma'));
}
