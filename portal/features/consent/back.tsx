import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

/** The way back to the list, on pages below it. */
export function BackToConsents() {
  const { t } = useTranslation('consent');
  const [address] = useSearchParams();
  const patient = address.get('for');
  return (
    <Link className="consent-back" to={patient === null ? '/consents' : `/consents?for=${encodeURIComponent(patient)}`}>
      {t('back')}
    </Link>
  );
}
