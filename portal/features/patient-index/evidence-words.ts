import { useTranslation } from 'react-i18next';

const fields = [
  'name',
  'familyName',
  'givenName',
  'birthDate',
  'sex',
  'nationalId',
  'document',
  'insuranceNumber',
  'phone',
  'address',
  'mother',
  'birthOrder',
] as const;

const levels = [
  'equal',
  'variant',
  'homophone',
  'same-sound',
  'one-character',
  'near',
  'initial',
  'swapped',
  'similar',
  'day-month-swapped',
  'one-digit',
  'same-year',
  'partly',
  'same-division',
  'different',
  'missing',
] as const;

const rules = [
  'born-apart',
  'conflicting-ids',
  'twins',
  'newborn-on-another-day',
  'newborn-of-several',
  'newborn-without-name',
  'birth-dates-differ',
  'no-unique-identifier',
] as const;

/** What the matching says, in words; what it says by a name that is not known here stands as it is. */
export function useEvidenceWords() {
  const { t } = useTranslation('patient-index');
  return {
    field: (name: string): string => {
      const known = fields.find((one) => one === name);
      return known ? t(`field.${known}`) : name;
    },
    level: (name: string): string => {
      const known = levels.find((one) => one === name);
      return known ? t(`level.${known}`) : name;
    },
    rule: (name: string): string => {
      const known = rules.find((one) => one === name);
      return known ? t(`rule.${known}`) : name;
    },
  };
}
