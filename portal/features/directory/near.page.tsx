import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty, Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type NearView, useNear, useStanding } from './directory.resource.ts';
import { DivisionField } from './division-field.tsx';
import { TextFilter } from './organizations.page.tsx';
import { useTerms } from './use-terms.ts';

const groups = ['primary', 'hospital', 'pharmacy'] as const;

/** Hospitals, clinics and pharmacies from the nearest place outwards. */
export function NearPage() {
  const { t } = useTranslation('directory');
  usePageTitle(t('near.title'));
  const standing = useStanding();
  const [address, setAddress] = useSearchParams();
  const division = address.get('division') ?? standing.data?.home ?? '';
  const near = { division, kind: address.get('kind') ?? '', text: address.get('q') ?? '' };
  const found = useNear(near);
  const choose = (changes: Record<string, string>) => {
    const next = new URLSearchParams(address);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setAddress(next, { replace: true });
  };
  const kinds = [
    { value: '', label: t('near.all') },
    ...groups.map((group) => ({ value: group, label: t(`near.${group}`) })),
  ];
  const from = found.data?.from;
  return (
    <div className="directory directory-near">
      <div className="directory-head">
        <h1 className="directory-title">{t('near.title')}</h1>
      </div>
      <search className="directory-filters directory-near-filters">
        <TextFilter text={near.text} onChange={(q) => choose({ q })} label={t('filter.text')} />
        <DivisionField
          label={t('near.from')}
          value={division}
          name={from?.name}
          onChange={(code) => choose({ division: code })}
          mayBeEmpty
        />
        <Segmented value={near.kind} options={kinds} onChange={(kind) => choose({ kind })} block />
      </search>
      {standing.isSuccess && division === '' ? (
        <Empty title={t('near.where')} text={t('near.whereText')} />
      ) : (
        <div aria-busy={found.isFetching}>
          <QueryContent
            query={found}
            failureTitle={t('failed')}
            skeleton={
              <div className="card">
                <SkeletonRows columns={[3, 1]} rows={8} height={72} />
              </div>
            }
          >
            {(view) => <Circles view={view} />}
          </QueryContent>
        </div>
      )}
    </div>
  );
}

/** One card for each circle: the own village, the town, the county ... */
function Circles({ view }: { view: NearView }) {
  const { t } = useTranslation('directory');
  const { name } = useTerms();
  if (view.institutions.length === 0) return <Empty title={t('none.title')} text={t('none.text')} />;
  const circles = [...Map.groupBy(view.institutions, ({ within }) => within)];
  return (
    <div className="directory-stack">
      {circles.map(([within, institutions]) => {
        const place = institutions[0];
        return (
          <Card
            key={within}
            title={t('near.within', { place: place ? name(place.withinName, place.withinEnglish) : within })}
            meta={institutions.length}
          >
            <ul>
              {institutions.map((institution) => (
                <NearRow key={institution.id} institution={institution} />
              ))}
            </ul>
          </Card>
        );
      })}
      {!view.isComplete && <Nothing>{t('near.more')}</Nothing>}
    </div>
  );
}

function NearRow({ institution }: { institution: NearView['institutions'][number] }) {
  const { word, name } = useTerms();
  const { id, kind, grade, address, phone, english } = institution;
  return (
    <li className="directory-item">
      <Link to={`/directory/${id}`} className="directory-name">
        <span className="medium">{name(institution.name, english)}</span>
      </Link>
      <p className="muted small">
        {[word('kinds', kind), grade !== '' && grade !== '0' && word('grades', grade)].filter(Boolean).join(' · ')}
      </p>
      <p className="small">{address}</p>
      {phone !== '' && (
        <a className="figures directory-phone" href={`tel:${phone}`}>
          {phone}
        </a>
      )}
    </li>
  );
}
