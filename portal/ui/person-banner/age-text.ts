import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { ageOn, formatDate, toTimestamp } from '../date-time/date-time.ts';
import type { Person } from './person.ts';

type Born = Pick<Person, 'birthDate' | 'died'>;

/** "68 y", "8 mo", or the age at death. */
export function useAge(): (person: Born) => string {
  const { t } = useTranslation('ui');
  return ({ birthDate, died }) => {
    if (birthDate === undefined) return t('age.unknown');
    const on = typeof died === 'string' ? new Date(toTimestamp(died)) : new Date();
    const { unit, count } = ageOn(birthDate, on);
    return t(`age.${unit}`, { count });
  };
}

/** "68 y (14 Mar 1958)": the age never stands without the birth date. */
export function useAgeAndBirth(): (person: Born) => string {
  const { t } = useTranslation('ui');
  const age = useAge();
  const locale = language.use();
  return (person) => {
    if (person.birthDate === undefined) return t('age.unknown');
    return t('age.withBirth', { age: age(person), birth: formatDate(person.birthDate, locale) });
  };
}
