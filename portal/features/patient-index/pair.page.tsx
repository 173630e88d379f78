import { Button } from 'antd';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { ReviewPairView } from '../../../src/modules/patient-index/index.ts';
import { isResource } from '../../http/fhir-client.ts';
import { useSession } from '../../session/session.resource.ts';
import { language } from '../../settings/language.ts';
import { formatDate, formatTimeOf } from '../../ui/date-time/date-time.ts';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { endingOf, printRecordNumber } from '../../ui/identifier/identifier.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { useAgeAndBirth } from '../../ui/person-banner/age-text.ts';
import { type Person, patientToPerson } from '../../ui/person-banner/person.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { Deadline } from './deadline.tsx';
import { DecisionForm } from './decision.form.tsx';
import { isClaimed } from './duplicates.page.tsx';
import { useClaim, usePair } from './duplicates.resource.ts';
import { EvidencePanel } from './evidence.panel.tsx';
import '../../ui/card/card.css';
import './duplicates.css';

/** Two records side by side, what speaks for one person, and the decision. */
export function PairPage() {
  const { t } = useTranslation('patient-index');
  const { review = '' } = useParams();
  usePageTitle(t('pair.title', { number: review }));
  const pair = usePair(review);
  return (
    <div className="duplicates-page">
      <QueryContent
        query={pair}
        failureTitle={t('pair.failed')}
        skeleton={
          <section className="card">
            <SkeletonRows columns={[2, 3, 3, 2]} rows={9} height={52} />
          </section>
        }
      >
        {(view) => <Pair view={view} />}
      </QueryContent>
    </div>
  );
}

function personOf(resource: unknown): Person | undefined {
  const patient = resource as FhirResource | undefined;
  return patient && isResource('Patient', patient) ? patientToPerson(patient satisfies Patient) : undefined;
}

function Pair({ view }: { view: ReviewPairView }) {
  const { t } = useTranslation('patient-index');
  const [left, right] = view.patients.map(personOf);
  if (!left || !right) {
    return (
      <Empty title={t('pair.gone')} text={t('pair.goneText')}>
        <Link to="/duplicates">{t('pair.back')}</Link>
      </Empty>
    );
  }
  return (
    <>
      <PairHead view={view} />
      <div className="pair-columns">
        <div className="pair-centre">
          <div className="pair-people">
            <PersonCard person={left} side="left" />
            <PersonCard person={right} side="right" />
          </div>
          <EvidencePanel view={view} left={left} right={right} />
        </div>
        <div className="pair-decision">
          <DecisionForm view={view} left={left} right={right} />
        </div>
      </div>
    </>
  );
}

function PairHead({ view }: { view: ReviewPairView }) {
  const { t } = useTranslation('patient-index');
  const own = useSession().data?.person?.reference;
  const claim = useClaim(view.review);
  const locale = language.use();
  const isUndecided = view.state === 'open' || view.state === 'deferred';
  const isTaken = isClaimed(view);
  const isOwn = isTaken && view.claim?.by === own;
  return (
    <header className="pair-head">
      <Link to="/duplicates" className="pair-back">
        {t('pair.back')}
      </Link>
      <h1 className="pair-title figures">{t('pair.title', { number: view.review })}</h1>
      {view.state === 'open' ? (
        <Deadline dueAt={view.dueAt} />
      ) : (
        <span className="tag">{t(`state.${view.state}`)}</span>
      )}
      <span className="muted small figures">{t('pair.found', { date: formatDate(view.foundAt, locale) })}</span>
      <span className="pair-claim">
        {isTaken && (
          <span className="small">
            {isOwn
              ? t('pair.yours', { time: formatTimeOf(view.claim?.until ?? '') })
              : t('pair.theirs', { name: view.claim?.byName, time: formatTimeOf(view.claim?.until ?? '') })}
          </span>
        )}
        {isUndecided && !(isTaken && !isOwn) && (
          <Button loading={claim.isPending} onClick={() => claim.mutate(!isOwn)}>
            {t(isOwn ? 'pair.release' : 'pair.take')}
          </Button>
        )}
      </span>
    </header>
  );
}

function PersonCard({ person, side }: { person: Person; side: 'left' | 'right' }) {
  const { t } = useTranslation('patient-index');
  const words = useTranslation('ui').t;
  const ageAndBirth = useAgeAndBirth();
  return (
    <section className="card pair-person">
      <p className="muted small">{t(`side.${side}`)}</p>
      <h2 className="pair-person-name">
        <NameText name={person.name} />
      </h2>
      <p className="figures pair-person-facts">
        <span>{words(`sex.${person.sex}`)}</span>
        <span>{ageAndBirth(person)}</span>
        {person.idCard && <span>{words('idEnding', { ending: endingOf(person.idCard) })}</span>}
        {person.recordNumber && <span>{printRecordNumber(person.recordNumber)}</span>}
      </p>
      <p className="small">
        <Link to={`/people/${person.id}`}>{t('pair.open')}</Link>
      </p>
    </section>
  );
}
