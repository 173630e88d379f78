import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useIsPhone } from '../../settings/screen.ts';
import type { PrintedInstitution } from './directory.resource.ts';
import { useTerms } from './use-terms.ts';

type Row = Pick<PrintedInstitution, 'id' | 'name' | 'english' | 'kind' | 'grade' | 'address' | 'phone' | 'isActive'>;

/** One line an institution; the browser draws only those that are seen. */
export function OrganizationRows({ organizations }: { organizations: readonly Row[] }) {
  const { t } = useTranslation('directory');
  const isPhone = useIsPhone();
  if (isPhone) return <OrganizationList organizations={organizations} />;
  return (
    <table className="directory-table">
      <thead>
        <tr>
          <th scope="col">{t('column.name')}</th>
          <th scope="col">{t('column.kind')}</th>
          <th scope="col">{t('column.grade')}</th>
          <th scope="col">{t('column.phone')}</th>
          <th scope="col">{t('column.address')}</th>
        </tr>
      </thead>
      <tbody>
        {organizations.map((organization) => (
          <OrganizationRow key={organization.id} organization={organization} />
        ))}
      </tbody>
    </table>
  );
}

function OrganizationRow({ organization }: { organization: Row }) {
  const { word } = useTerms();
  return (
    <tr>
      <th scope="row">
        <OrganizationName organization={organization} />
      </th>
      <td>{word('kinds', organization.kind)}</td>
      <td className="whole">{organization.grade === '' ? '–' : word('grades', organization.grade)}</td>
      <td className="figures whole">{organization.phone || '–'}</td>
      <td>{organization.address || '–'}</td>
    </tr>
  );
}

function OrganizationName({ organization }: { organization: Row }) {
  const { t } = useTranslation('directory');
  const { name, language } = useTerms();
  const { id, isActive, english } = organization;
  const other = language === 'en' ? organization.name : english;
  return (
    <Link to={`/directory/${id}`} className="directory-name">
      <span className="medium">{name(organization.name, english)}</span>
      {other !== '' && other !== name(organization.name, english) && <span className="muted small">{other}</span>}
      {!isActive && <span className="tag tag-outline">{t('closed')}</span>}
    </Link>
  );
}

function OrganizationList({ organizations }: { organizations: readonly Row[] }) {
  const { word } = useTerms();
  return (
    <ul>
      {organizations.map((organization) => (
        <li key={organization.id} className="directory-item">
          <OrganizationName organization={organization} />
          <p className="muted small">
            {[word('kinds', organization.kind), organization.grade && word('grades', organization.grade)]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {organization.address && <p className="muted small">{organization.address}</p>}
        </li>
      ))}
    </ul>
  );
}
