import { Button, Switch } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ownPatientId, useSession } from '../../session/session.resource.ts';
import { language } from '../../settings/language.ts';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { AccessItem } from './access-item.panel.tsx';
import { useAccesses, useQuestions } from './audit.resource.ts';
import { Questions } from './questions.panel.tsx';
import '../../ui/card/card.css';
import './audit.css';

/** Who looked at one's record, in plain words; the address keeps whether one's own looks are shown, and whose record it is. */
export function AccessesPage() {
  const { t } = useTranslation('audit');
  const locale = language.use();
  usePageTitle(t('mine.title'));
  const person = useSession().data?.person;
  const [address, setAddress] = useSearchParams();
  const patient = address.get('patient') ?? (person ? ownPatientId(person) : undefined) ?? '';
  const withOwn = address.get('own') === 'true';
  const accesses = useAccesses(patient, withOwn);
  const questions = useQuestions(patient);
  const [asking, setAsking] = useState<number>();
  const showOwn = (isShown: boolean) => {
    const next = new URLSearchParams(address);
    if (isShown) next.set('own', 'true');
    else next.delete('own');
    setAddress(next, { replace: true });
  };
  const filter = { label: t('mine.withOwn'), isOn: withOwn, onChange: showOwn };
  return (
    <div className="audit-page audit-narrow">
      <h1 className="audit-title">{t('mine.title')}</h1>
      <p className="muted audit-lead">{t('mine.lead')}</p>
      <Questions questions={questions.data ?? []} />
      <OwnSwitch {...filter} />
      <QueryContent
        query={accesses}
        failureTitle={t('mine.failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[3, 1]} rows={6} height={88} />
          </div>
        }
      >
        {(days) =>
          days.length === 0 ? (
            <Empty title={t('mine.none.title')} text={t('mine.none.text')}>
              {!withOwn && <Button onClick={() => showOwn(true)}>{t('mine.none.own')}</Button>}
            </Empty>
          ) : (
            days.map(({ day, accesses: own }) => (
              <section key={`${day} ${own[0]?.event}`} className="card audit-day">
                <header className="card-head">
                  <h2 className="card-title">{formatDate(day, locale)}</h2>
                  <span className="card-meta figures">{t('mine.people', { count: own.length })}</span>
                </header>
                <ul className="audit-items">
                  {own.map((access) => (
                    <AccessItem
                      key={access.event}
                      access={access}
                      patient={patient}
                      isAsking={asking === access.event}
                      onAsk={() => setAsking(access.event)}
                      onDone={() => setAsking(undefined)}
                    />
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </QueryContent>
      <MoreBelow query={accesses} label={t('more')} busyLabel={t('busy')} failureTitle={t('mine.failed')} />
      <p className="muted small audit-foot">
        <Icon name="lock" size={14} /> {t('mine.foot')}
      </p>
    </div>
  );
}

function OwnSwitch({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  const id = useId();
  return (
    <div className="audit-switch">
      <Switch id={id} checked={isOn} onChange={onChange} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
