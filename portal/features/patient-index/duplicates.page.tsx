import { Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { ReviewView } from '../../../src/modules/patient-index/index.ts';
import { formatTime } from '../../ui/date-time/date-time.ts';
import { useKeys } from '../../ui/keys/use-keys.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { Deadline } from './deadline.tsx';
import { useWork, type Work, type WorkFilter } from './duplicates.resource.ts';
import { DuplicatesNav } from './duplicates-nav.tsx';
import { useEvidenceWords } from './evidence-words.ts';
import '../../ui/card/card.css';
import './duplicates.css';

const states = ['open', 'deferred', 'different', 'linked'] as const;
const bands = ['link', 'review'] as const;

function filterOf(address: URLSearchParams): WorkFilter {
  return {
    state: states.find((one) => one === address.get('state')) ?? 'open',
    band: bands.find((one) => one === address.get('band')),
    isMine: address.get('mine') === 'true',
  };
}

/** The work of an index clerk: pairs that may be one person. */
export function DuplicatesPage() {
  const { t } = useTranslation('patient-index');
  usePageTitle(t('duplicates.title'));
  const [address, setAddress] = useSearchParams();
  const filter = filterOf(address);
  const work = useWork(filter);
  const change = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(address);
    if (value) next.set(name, value);
    else next.delete(name);
    setAddress(next, { replace: true });
  };
  return (
    <div className="duplicates-page">
      <DuplicatesNav />
      <Filters filter={filter} work={work.data} onChange={change} />
      <section className="card duplicates-list" aria-busy={work.isFetching}>
        {work.data === undefined ? (
          work.error ? (
            <FailureNotice title={t('duplicates.failed')} failure={work.error} onRetry={() => void work.refetch()} />
          ) : (
            <SkeletonRows columns={[4, 3, 1, 2]} rows={10} height={62} />
          )
        ) : (
          <>
            <Head work={work.data} asOf={new Date(work.dataUpdatedAt)} state={filter.state} />
            <Pairs work={work.data} state={filter.state} />
          </>
        )}
        <MoreBelow
          query={work}
          label={t('duplicates.more')}
          busyLabel={t('duplicates.loadingMore')}
          failureTitle={t('duplicates.moreFailed')}
        />
      </section>
    </div>
  );
}

interface FiltersProps {
  filter: WorkFilter;
  work: Work | undefined;
  onChange: (name: string, value: string | undefined) => void;
}

function Filters({ filter, work, onChange }: FiltersProps) {
  const { t } = useTranslation('patient-index');
  const counted = { open: work?.counts.open, deferred: work?.counts.deferred, different: undefined, linked: undefined };
  return (
    <div className="duplicates-filters">
      <Segmented
        value={filter.state}
        onChange={(value) => onChange('state', value === 'open' ? undefined : value)}
        options={states.map((value) => ({
          value,
          label: counted[value] === undefined ? t(`state.${value}`) : `${t(`state.${value}`)} ${counted[value]}`,
        }))}
      />
      {(filter.state === 'open' || filter.state === 'deferred') && (
        <>
          <Chip isOn={filter.band === 'link'} onSwitch={(isOn) => onChange('band', isOn ? 'link' : undefined)}>
            {t('band.link')}
          </Chip>
          <Chip isOn={filter.band === 'review'} onSwitch={(isOn) => onChange('band', isOn ? 'review' : undefined)}>
            {t('band.review')}
          </Chip>
          <Chip isOn={filter.isMine} onSwitch={(isOn) => onChange('mine', isOn ? 'true' : undefined)}>
            {t('duplicates.mine')}
          </Chip>
        </>
      )}
    </div>
  );
}

interface ChipProps {
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
  children: string;
}

function Chip({ isOn, onSwitch, children }: ChipProps) {
  return (
    <button type="button" className="filter-chip" aria-pressed={isOn} onClick={() => onSwitch(!isOn)}>
      {children}
    </button>
  );
}

function Head({ work, asOf, state }: { work: Work; asOf: Date; state: WorkFilter['state'] }) {
  const { t } = useTranslation('patient-index');
  const { overdue, pending } = work.counts;
  return (
    <header className="card-head">
      <h2 className="card-title figures" aria-live="polite">
        {t('duplicates.shown', { count: work.reviews.length })}
      </h2>
      {state === 'open' && overdue > 0 && (
        <span className="figures">{t('duplicates.overdue', { count: overdue })}</span>
      )}
      {pending > 0 && <span className="muted small figures">{t('duplicates.pending', { count: pending })}</span>}
      <span className="card-meta">
        {work.reviews.length > 0 && (
          <span className="people-keys">
            <Trans t={t} i18nKey="keys" components={[<kbd key="key" className="key" />]} />
          </span>
        )}
        <span className="figures">{t('asOf', { time: formatTime(asOf, true) })}</span>
      </span>
    </header>
  );
}

function Pairs({ work, state }: { work: Work; state: WorkFilter['state'] }) {
  const { t } = useTranslation('patient-index');
  const navigate = useNavigate();
  const [selected, setSelected] = useState(-1);
  const move = (by: number) => setSelected((row) => Math.min(work.reviews.length - 1, Math.max(0, row + by)));
  const chosen = work.reviews[selected];
  const open = chosen && (() => void navigate(`/duplicates/${chosen.review}`));
  useKeys({ j: () => move(1), k: () => move(-1), ...(open && { Enter: open }) });
  if (work.reviews.length === 0) {
    return (
      <Empty title={t(`duplicates.none.${state}`)} text={state === 'open' ? t('duplicates.noneText') : undefined} />
    );
  }
  return (
    <ul>
      {work.reviews.map((review, row) => (
        <PairRow key={review.review} review={review} isSelected={row === selected} />
      ))}
    </ul>
  );
}

function PairRow({ review, isSelected }: { review: ReviewView; isSelected: boolean }) {
  const { t } = useTranslation('patient-index');
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const { evidence, claim, decision, state } = review;
  return (
    <li ref={row} className={`pair-row ${isSelected ? 'pair-selected' : ''}`}>
      <Link to={`/duplicates/${review.review}`} className="pair-link">
        <span className="pair-names">
          <SideName review={review} side="left" />
          <SideName review={review} side="right" />
        </span>
        <Signs evidence={evidence} />
        <span className="pair-score figures">
          <strong>{evidence.score.toFixed(1)}</strong>
          <span className="muted small">{t(`band.${evidence.band}`)}</span>
        </span>
        <span className="pair-time">
          {state === 'open' ? <Deadline dueAt={review.dueAt} /> : <span className="tag">{t(`state.${state}`)}</span>}
          <span className="muted small">
            {decision?.byName ??
              (isClaimed(review) ? t('duplicates.claimedBy', { name: claim?.byName }) : t('duplicates.free'))}
          </span>
        </span>
      </Link>
    </li>
  );
}

export const isClaimed = ({ claim }: Pick<ReviewView, 'claim'>): boolean =>
  claim !== undefined && Date.parse(claim.until) > Date.now();

/** How a person is told from others at a glance: by name and birth date. */
function SideName({ review, side }: { review: ReviewView; side: 'left' | 'right' }) {
  const sideOf = (...names: string[]) =>
    names.flatMap((name) => review.evidence.fields.find(({ field }) => field === name)?.[side] ?? []).join(' ');
  const name = sideOf('name') || sideOf('givenName', 'familyName');
  return (
    <span className="pair-name">
      <strong>{name || review[side]}</strong>
      <span className="muted small figures whole">{sideOf('birthDate')}</span>
    </span>
  );
}

/** What speaks most for one person, and what most against it. */
function Signs({ evidence: { fields, rules } }: Pick<ReviewView, 'evidence'>) {
  const { t } = useTranslation('patient-index');
  const words = useEvidenceWords();
  const strongest = [...fields].sort((one, other) => other.weight - one.weight);
  const signs = strongest.filter(({ weight }) => weight > 1).slice(0, 2);
  const doubts = strongest.filter(({ weight }) => weight < -1).slice(-2);
  const say = (list: typeof fields) =>
    list.map(({ field, level }) => `${words.field(field)} ${words.level(level)}`).join(t('comma'));
  return (
    <span className="pair-signs small">
      {signs.length > 0 && <span>{t('duplicates.for', { signs: say(signs) })}</span>}
      {doubts.length > 0 && <span className="muted">{t('duplicates.against', { signs: say(doubts) })}</span>}
      {rules.length > 0 && <span className="muted">{rules.map(words.rule).join(t('comma'))}</span>}
    </span>
  );
}
