import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/card/card.tsx';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useLongTermMedicines } from '../health-record.resource.ts';
import { daysLeft, type Medicine } from '../model/medicine.ts';
import type { RecordAddress } from '../record-address.ts';

/** Medicines taken for long: dose, how long the supply lasts, who prescribed them when. */
export function MedicinesPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const medicines = useLongTermMedicines(address.patientId);
  return (
    <Card
      title={t(address.isOwn ? 'medicine.ownTitle' : 'medicine.title')}
      meta={medicines.data?.content.length || undefined}
    >
      <QueryContent
        query={medicines}
        failureTitle={t('failed.medicines')}
        skeleton={<SkeletonRows columns={[3, 2, 1, 2]} rows={4} height={33} />}
      >
        {({ content }) =>
          content.length === 0 ? <Nothing>{t('medicine.none')}</Nothing> : <MedicineTable medicines={content} />
        }
      </QueryContent>
    </Card>
  );
}

function MedicineTable({ medicines }: { medicines: readonly Medicine[] }) {
  const { t } = useTranslation('health-record');
  return (
    <table className="list-table medicines">
      <thead>
        <tr>
          <th scope="col">{t('medicine.name')}</th>
          <th scope="col">{t('medicine.dose')}</th>
          <th scope="col">{t('medicine.supply')}</th>
          <th scope="col">{t('medicine.prescribed')}</th>
        </tr>
      </thead>
      <tbody>
        {medicines.map((medicine) => (
          <tr key={medicine.id}>
            <th scope="row" className="medium">
              <Concept concept={medicine.concept} />
            </th>
            <td>
              <Concept concept={medicine.dose} />
            </td>
            <td className="figures whole">
              <Supply medicine={medicine} />
            </td>
            <td>
              <SourceLine date={medicine.prescribed} source={medicine.source} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Time is ink: an empty supply is a filled chip, never red. */
function Supply({ medicine }: { medicine: Medicine }) {
  const { t } = useTranslation('health-record');
  const days = daysLeft(medicine, new Date());
  if (days === undefined) return <span className="muted">–</span>;
  if (days >= 0) return t('medicine.left', { count: days });
  return days > -90 ? (
    <span className="overdue">{t('medicine.ended', { count: -days })}</span>
  ) : (
    <span className="muted">{t('medicine.endedLong')}</span>
  );
}
