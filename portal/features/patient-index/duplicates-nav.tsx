import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

/** The pages of the index clerk. */
export function DuplicatesNav() {
  const { t } = useTranslation('patient-index');
  return (
    <nav className="duplicates-nav" aria-label={t('duplicates.nav')}>
      <NavLink to="/duplicates" end>
        {t('duplicates.title')}
      </NavLink>
      <NavLink to="/duplicates/merges">{t('merges.title')}</NavLink>
      <NavLink to="/people/register">{t('register.title')}</NavLink>
    </nav>
  );
}
