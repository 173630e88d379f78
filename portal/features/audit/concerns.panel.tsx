import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type ConcernKind, type ConcernState, type ConcernView, useConcerns } from './audit.resource.ts';
import { ConcernRow } from './concern-row.panel.tsx';

const states: readonly ConcernState[] = ['open', 'asked', 'incident', 'fine'];
const kinds: readonly ConcernKind[] = [
  'question',
  'own-record',
  'own-family',
  'same-household',
  'colleague',
  'restricted',
  'emergency',
  'volume',
];

/** Looks that somebody should look into; state and kind stand in the address. */
export function Concerns() {
  const { t } = useTranslation('audit');
  const [address, setAddress] = useSearchParams();
  const state = states.find((one) => one === address.get('state')) ?? 'open';
  const kind = kinds.find((one) => one === address.get('kind'));
  const concerns = useConcerns(state, kind ?? '');
  const [opened, setOpened] = useState<number>();
  const choose = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(address);
    if (value) next.set(name, value);
    else next.delete(name);
    setAddress(next, { replace: true });
  };
  return (
    <>
      <div className="audit-filters">
        <Select
          aria-label={t('officer.state')}
          value={state}
          options={states.map((value) => ({ value, label: t(`state.${value}`) }))}
          onChange={(value) => choose('state', value)}
        />
        <Select
          aria-label={t('officer.kind')}
          value={kind ?? ''}
          options={[
            { value: '', label: t('officer.all') },
            ...kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
          ]}
          onChange={(value) => choose('kind', value)}
          popupMatchSelectWidth={false}
        />
      </div>
      <QueryContent
        query={concerns}
        failureTitle={t('officer.failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[2, 2, 3, 1]} rows={8} height={64} />
          </div>
        }
      >
        {({ counts, concerns: rows }) =>
          rows.length === 0 ? (
            <Empty title={t(`officer.none.${state}`)} text={t('officer.none.text')} />
          ) : (
            <Card title={t(`state.${state}`)} meta={<Counts counts={counts} state={state} rows={rows} />}>
              <ul className="audit-items">
                {rows.map((concern) => (
                  <ConcernRow
                    key={concern.number}
                    concern={concern}
                    isOpen={opened === concern.number}
                    onToggle={() => setOpened(opened === concern.number ? undefined : concern.number)}
                  />
                ))}
              </ul>
            </Card>
          )
        }
      </QueryContent>
      <MoreBelow query={concerns} label={t('more')} busyLabel={t('busy')} failureTitle={t('officer.failed')} />
    </>
  );
}

interface CountsProps {
  counts: Partial<Record<ConcernState, number>>;
  state: ConcernState;
  rows: readonly ConcernView[];
}

function Counts({ counts, state, rows }: CountsProps) {
  const { t } = useTranslation('audit');
  return (
    <span className="figures">{t('officer.count', { shown: rows.length, count: counts[state] ?? rows.length })}</span>
  );
}
