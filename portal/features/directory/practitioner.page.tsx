import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type PractitionerView, usePractitioner, useSave, useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { ExpiryTag } from './expiry-tag.tsx';
import { PractitionerForm } from './practitioner.form.tsx';
import { useTerms } from './use-terms.ts';

/** Somebody who works in health care, with all places where they are or were registered. */
export function PractitionerPage() {
  const { t } = useTranslation('directory');
  const { id = '' } = useParams();
  const person = usePractitioner(id);
  return (
    <QueryContent
      query={person}
      failureTitle={t('staffFailed')}
      skeleton={
        <div className="directory">
          <SkeletonRows columns={[2, 3]} rows={8} />
        </div>
      }
    >
      {(view) => <Person key={id} view={view} />}
    </QueryContent>
  );
}

function Person({ view }: { view: PractitionerView }) {
  const { t } = useTranslation('directory');
  const { name, language } = useTerms();
  const standing = useStanding().data;
  const [isEditing, setIsEditing] = useState(false);
  const { practitioner, registrations } = view;
  const title = name(practitioner.name, practitioner.pinyin);
  const other = language === 'en' ? practitioner.name : practitioner.pinyin;
  usePageTitle(title);
  return (
    <div className="directory">
      <div className="directory-head">
        <h1 className="directory-title">
          {title}
          {other !== '' && other !== title && <span className="muted">{other}</span>}
        </h1>
        <ExpiryTag expiry={registrations[0]?.licenceExpiry} until={practitioner.licensedUntil} what="licence" />
        <DirectoryNav maySeeStaff={standing?.maySeeStaff ?? false} mayEdit={standing?.mayEdit ?? false} />
      </div>
      {isEditing ? (
        <PractitionerForm person={practitioner} onDone={() => setIsEditing(false)} />
      ) : (
        <PersonFacts practitioner={practitioner} onEdit={standing?.mayEdit ? () => setIsEditing(true) : undefined} />
      )}
      <Card title={t('registrations')} meta={<span className="figures">{registrations.length}</span>}>
        {registrations.length === 0 && <Nothing>{t('person.nowhere')}</Nothing>}
        <ul className="directory-rows">
          {registrations.map((one) => (
            <RegistrationRow key={one.id} one={one} mayEdit={standing?.mayEdit ?? false} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

function PersonFacts({
  practitioner,
  onEdit,
}: {
  practitioner: PractitionerView['practitioner'];
  onEdit: (() => void) | undefined;
}) {
  const { t } = useTranslation('directory');
  const { word, language } = useTerms();
  const day = (text: string) => (text === '' ? '' : formatDate(text, language));
  const sex = (['female', 'male', 'other'] as const).find((known) => known === practitioner.sex) ?? 'unknown';
  const facts: [string, string][] = [
    [t('form.sex'), t(`sex.${sex}`)],
    [t('form.birthDate'), day(practitioner.birthDate)],
    [t('form.licence'), practitioner.licence],
    [t('form.titleOf'), practitioner.title && word('titles', practitioner.title)],
    [t('form.licensedFrom'), day(practitioner.licensedFrom)],
    [t('form.licensedUntil'), day(practitioner.licensedUntil)],
    [t('form.phone'), practitioner.phone],
  ];
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
      <dl className="directory-facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}

function RegistrationRow({ one, mayEdit }: { one: PractitionerView['registrations'][number]; mayEdit: boolean }) {
  const { t } = useTranslation('directory');
  const { word, language } = useTerms();
  const save = useSave();
  const day = (text: string) => (text === '' ? '' : formatDate(text, language));
  const end = () => {
    const { id, version, practitioner, organization, role, department, from, isMain } = one;
    const until = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const start = from !== '' && from > until ? until : from;
    save.mutate({
      kind: 'registration',
      id,
      version,
      input: { practitioner, organization, role, department, isMain, from: start, until },
    });
  };
  return (
    <li>
      <Link to={`/directory/${one.organization}`} className="medium">
        {one.organizationName}
      </Link>
      <span className="muted small">
        {[word('roles', one.role), one.department && word('departments', one.department)].filter(Boolean).join(' · ')}
      </span>
      {one.isMain && <span className="tag">{t('mainPlace')}</span>}
      {!one.isActive && <span className="tag tag-outline">{t('ended')}</span>}
      <span className="directory-edge small figures">
        {one.from !== '' && t('since', { day: day(one.from) })}{' '}
        {one.until !== '' && t('until', { day: day(one.until) })}{' '}
        <ExpiryTag expiry={one.expiry} until={one.until} what="registration" />{' '}
        {mayEdit && one.isActive && (
          <Button size="small" onClick={end} loading={save.isPending}>
            {t('register.end')}
          </Button>
        )}
      </span>
      {save.error && <FailureNotice title={t('form.failed')} failure={save.error} />}
    </li>
  );
}
