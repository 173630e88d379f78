import { useTranslation } from 'react-i18next';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { useTerms } from './use-terms.ts';

interface ExpiryTagProps {
  expiry: 'expired' | 'soon' | undefined;
  until: string;
  what: 'registration' | 'licence';
}

/** Time is ink: what has ended is solid, what ends soon an outline. */
export function ExpiryTag({ expiry, until, what }: ExpiryTagProps) {
  const { t } = useTranslation('directory');
  const { language } = useTerms();
  if (expiry === undefined) return null;
  return (
    <span className={expiry === 'expired' ? 'tag directory-warning' : 'tag tag-outline'}>
      {t(`expiry.${what}.${expiry}`, { day: formatDate(until, language) })}
    </span>
  );
}
