import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { InstitutionForm } from './institution.form.tsx';

/** An institution that is not in the directory yet. */
export function NewOrganizationPage() {
  const { t } = useTranslation('directory');
  usePageTitle(t('new.title'));
  const standing = useStanding().data;
  return (
    <div className="directory">
      <div className="directory-head">
        <h1 className="directory-title">{t('new.title')}</h1>
        <DirectoryNav maySeeStaff={standing?.maySeeStaff ?? false} mayEdit={standing?.mayEdit ?? false} />
      </div>
      {standing?.mayEdit === false ? <p className="muted">{t('noRight')}</p> : <InstitutionForm />}
    </div>
  );
}
