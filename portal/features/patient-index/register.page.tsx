import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { endingOf } from '../../ui/identifier/identifier.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { useAgeAndBirth } from '../../ui/person-banner/age-text.ts';
import { patientToPerson } from '../../ui/person-banner/person.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { DuplicatesNav } from './duplicates-nav.tsx';
import { emptyRegistration, missingOf, patientToRegister, type Registration } from './model/new-patient.ts';
import { type FoundMatch, useRegister, useSearchBefore } from './register.resource.ts';
import { RegistrationFields } from './registration-fields.tsx';
import './duplicates.css';

const kinds = ['resident', 'newborn', 'unknown'] as const;

/** Opens a record for somebody, once it is known that there is none. */
export function RegisterPage() {
  const { t } = useTranslation('patient-index');
  usePageTitle(t('register.title'));
  const navigate = useNavigate();
  const [form, setForm] = useState<Registration>(emptyRegistration);
  const [isAsked, setIsAsked] = useState(false);
  const search = useSearchBefore();
  const register = useRegister();
  const missing = missingOf(form);
  const patient = () => patientToRegister(form, new Date(), t(`register.unknownName.${form.sex}`));
  const change = (part: Partial<Registration>) => {
    setForm({ ...form, ...part });
    search.reset();
    register.reset();
  };
  const look = () => {
    setIsAsked(true);
    if (missing.length === 0) search.mutate(patient());
  };
  const create = () => {
    const others = search.data?.matches.map(({ id }) => id) ?? [];
    const open = { onSuccess: ({ id }: { id: string }) => void navigate(`/people/${id}`) };
    if (!register.isPending) register.mutate({ patient: patient(), others }, open);
  };
  return (
    <div className="duplicates-page">
      <DuplicatesNav />
      <div className="merge-cards">
        <Card title={t('register.who')}>
          <div className="decision-part">
            <Segmented
              value={form.kind}
              onChange={(kind) => change({ kind })}
              options={kinds.map((kind) => ({ value: kind, label: t(`register.kind.${kind}`) }))}
            />
            <RegistrationFields form={form} missing={isAsked ? missing : []} onChange={change} />
            {search.error && <FailureNotice title={t('register.searchFailed')} failure={search.error} onRetry={look} />}
            {!search.data && (
              <Button type="primary" loading={search.isPending} onClick={look}>
                {t('register.search')}
              </Button>
            )}
          </div>
        </Card>
        {search.data && (
          <Card title={t('register.found', { count: search.data.matches.length })}>
            {search.data.matches.length > 0 && <Matches matches={search.data.matches} />}
            <div className="decision-part">
              {search.data.isIncomplete && <p>{t('register.incomplete')}</p>}
              {register.error && <FailureNotice title={t('register.failed')} failure={register.error} onRetry={look} />}
              <Button type="primary" loading={register.isPending} onClick={create}>
                {t(search.data.matches.length > 0 ? 'register.createOther' : 'register.create')}
              </Button>
            </div>
          </Card>
        )}
      </div>
    </div>
  );
}

function Matches({ matches }: { matches: readonly FoundMatch[] }) {
  const { t } = useTranslation('patient-index');
  const words = useTranslation('ui').t;
  const ageAndBirth = useAgeAndBirth();
  const navigate = useNavigate();
  return (
    <ul className="register-matches">
      {matches.map((match) => {
        const person = patientToPerson(match.patient);
        return (
          <li key={match.id}>
            <NameText name={person.name} />
            <span>{words(`sex.${person.sex}`)}</span>
            <span className="figures">{ageAndBirth(person)}</span>
            {person.idCard && <span className="figures">{words('idEnding', { ending: endingOf(person.idCard) })}</span>}
            {person.address && <span className="muted">{person.address}</span>}
            <span className="tag">{t(match.isMasked ? 'register.masked' : `band.${match.evidence.band}`)}</span>
            <Button onClick={() => void navigate(`/people/${match.id}`)}>{t('register.isThis')}</Button>
          </li>
        );
      })}
    </ul>
  );
}
