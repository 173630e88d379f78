import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { useDoctors } from './directory.resource.ts';
import { useTerms } from './use-terms.ts';

/** Who works at an institution, as everybody may know it. */
export function DoctorsPanel({ id }: { id: string }) {
  const { t } = useTranslation('directory');
  const { word, name } = useTerms();
  const doctors = useDoctors(id, true);
  return (
    <Card title={t('doctors')}>
      <QueryContent
        query={doctors}
        failureTitle={t('staffFailed')}
        skeleton={<SkeletonRows columns={[2, 3]} rows={6} />}
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ staff }) => staff);
          if (rows.length === 0) return <Nothing>{t('noStaff')}</Nothing>;
          return (
            <ul className="directory-rows">
              {rows.map((one) => (
                <li key={one.id}>
                  <span className="medium">{name(one.name, one.pinyin)}</span>
                  <span className="muted small">
                    {[one.title && word('titles', one.title), one.department && word('departments', one.department)]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryContent>
      <MoreBelow query={doctors} label={t('more')} busyLabel={t('busy')} failureTitle={t('staffFailed')} />
    </Card>
  );
}
