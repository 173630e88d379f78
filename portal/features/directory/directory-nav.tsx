import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import './directory.css';

/** The rooms of the directory, side by side. */
export function DirectoryNav({ maySeeStaff, mayEdit }: { maySeeStaff: boolean; mayEdit: boolean }) {
  const { t } = useTranslation('directory');
  return (
    <nav className="directory-nav" aria-label={t('nav.label')}>
      <NavLink to="/directory" end>
        {t('nav.organizations')}
      </NavLink>
      {maySeeStaff && <NavLink to="/directory/staff">{t('nav.staff')}</NavLink>}
      <NavLink to="/divisions">{t('nav.divisions')}</NavLink>
      {mayEdit && <NavLink to="/directory/import">{t('nav.import')}</NavLink>}
    </nav>
  );
}
