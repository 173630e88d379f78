import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatDate } from '../date-time/date-time.ts';
import type { Person } from '../person-banner/person.ts';

/** Stands wherever a person who died is named. */
export function DiedTag({ died }: Pick<Person, 'died'>) {
  const { t } = useTranslation('ui');
  const locale = language.use();
  if (died === undefined) return null;
  return (
    <span className="tag died-tag">
      {died === true ? t('died.unknown') : t('died.on', { date: formatDate(died, locale) })}
    </span>
  );
}
