import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { ClosePanel } from './close.panel.tsx';
import { type OrganizationView, useOrganization, useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { DoctorsPanel } from './doctors.panel.tsx';
import { GradePanel } from './grade.panel.tsx';
import { InstitutionForm } from './institution.form.tsx';
import { OrganizationRows } from './organization-rows.panel.tsx';
import { PartsPanel } from './parts.panel.tsx';
import { StaffPanel } from './staff.panel.tsx';
import { useTerms } from './use-terms.ts';

/** One institution with all that hangs below it. */
export function OrganizationPage() {
  const { t } = useTranslation('directory');
  const { id = '' } = useParams();
  const organization = useOrganization(id);
  return (
    <QueryContent
      query={organization}
      failureTitle={t('organization.failed')}
      skeleton={
        <div className="directory">
          <SkeletonRows columns={[2, 3]} rows={10} />
        </div>
      }
    >
      {(view) => <Organization key={id} view={view} />}
    </QueryContent>
  );
}

function Organization({ view }: { view: OrganizationView }) {
  const { t } = useTranslation('directory');
  const { name, language, word } = useTerms();
  const standing = useStanding().data;
  const [isEditing, setIsEditing] = useState(false);
  const { organization } = view;
  const title = name(organization.name, organization.english);
  const other = language === 'en' ? organization.name : organization.english;
  usePageTitle(title);
  const mayEdit = standing?.mayEdit ?? false;
  const maySeeStaff = standing?.maySeeStaff ?? false;
  return (
    <div className="directory">
      <div className="directory-head">
        <h1 className="directory-title">
          {title}
          {other !== '' && other !== title && <span className="muted">{other}</span>}
        </h1>
        {!organization.isActive && <span className="tag tag-outline">{t('closed')}</span>}
        {organization.grade !== '' && <span className="tag">{word('grades', organization.grade)}</span>}
        <DirectoryNav maySeeStaff={maySeeStaff} mayEdit={mayEdit} />
      </div>
      {isEditing ? (
        <InstitutionForm view={view} onDone={() => setIsEditing(false)} />
      ) : (
        <Facts view={view} onEdit={mayEdit && !organization.isDepartment ? () => setIsEditing(true) : undefined} />
      )}
      <div className="directory-columns">
        <div className="directory-stack">
          <PartsPanel view={view} mayEdit={mayEdit && organization.isActive} />
          {maySeeStaff ? (
            <StaffPanel id={organization.id} mayEdit={mayEdit && organization.isActive} />
          ) : (
            <DoctorsPanel id={organization.id} />
          )}
          {view.institutions.length > 0 && (
            <Card title={t('institutions')} meta={view.institutions.length}>
              <OrganizationRows organizations={view.institutions} />
            </Card>
          )}
        </div>
        <div className="directory-stack">
          {maySeeStaff && !organization.isDepartment && <GradePanel id={organization.id} />}
          {mayEdit && <ClosePanel organization={organization} />}
        </div>
      </div>
    </div>
  );
}

function Facts({ view, onEdit }: { view: OrganizationView; onEdit: (() => void) | undefined }) {
  const { t } = useTranslation('directory');
  const { word, language, figures } = useTerms();
  const { organization, branch } = view;
  const places = branch.slice(0, -1).map((place) => (language === 'en' ? place.english : place.name));
  const facts: [string, React.ReactNode][] = [
    [
      t('form.kind'),
      organization.isDepartment ? word('departments', organization.department) : word('kinds', organization.kind),
    ],
    [t('form.division'), language === 'en' ? places.join(', ') : places.reverse().join(' ')],
    [t('form.address'), organization.address],
    [t('form.phone'), organization.phone],
    [t('form.creditCode'), organization.creditCode],
    [t('form.institutionCode'), organization.institutionCode],
    [t('form.insuranceCode'), organization.insuranceCode],
    [
      t('form.parent'),
      organization.parent && (
        <Link to={`/directory/${organization.parent}`}>{organization.parentName || organization.parent}</Link>
      ),
    ],
    ...figures
      .filter(({ code }) => organization.figures[code] !== undefined && !code.startsWith('equipment.'))
      .map(({ code, unit }): [string, string] => [
        word('figures', code),
        `${organization.figures[code]} ${unit && language === 'zh-CN' ? unit : ''}`,
      ]),
  ];
  const shown = facts.filter(([, value]) => value !== '' && value !== undefined);
  return (
    <Card
      title={t('facts')}
      meta={
        onEdit && (
          <Button size="small" onClick={onEdit}>
            {t('edit')}
          </Button>
        )
      }
    >
      {shown.length === 0 ? (
        <Nothing>{t('factsNone')}</Nothing>
      ) : (
        <dl className="directory-facts">
          {shown.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
