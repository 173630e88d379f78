import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/card/card.tsx';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { Entry } from '../../../ui/entry/entry.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { ShowAll } from '../../../ui/show-all/show-all.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useVaccinations } from '../health-record.resource.ts';
import type { RecordAddress } from '../record-address.ts';
import { useSourceOf } from '../use-source.ts';

const shownFirst = 4;

/** Vaccines by kind with the number of doses and the last of them. */
export function VaccinationsPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const sourceOf = useSourceOf(address);
  const vaccinations = useVaccinations(address.patientId);
  return (
    <Card className="summary-more" title={t('vaccination.title')} meta={vaccinations.data?.content.length || undefined}>
      <QueryContent
        query={vaccinations}
        failureTitle={t('failed.vaccinations')}
        skeleton={<SkeletonRows columns={[3, 1]} rows={3} height={53} />}
      >
        {({ content }) =>
          content.length === 0 ? (
            <Nothing>{t('vaccination.none')}</Nothing>
          ) : (
            <ShowAll items={content} first={shownFirst}>
              {({ concept, doses, latest }) => (
                <Entry
                  key={latest.id}
                  title={<Concept concept={concept} />}
                  detail={<SourceLine date={latest.given} source={sourceOf(latest)} />}
                  side={<span className="muted dense figures">{t('vaccination.doses', { count: doses.length })}</span>}
                />
              )}
            </ShowAll>
          )
        }
      </QueryContent>
    </Card>
  );
}
