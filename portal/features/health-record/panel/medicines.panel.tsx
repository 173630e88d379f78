import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../../settings/screen.ts';
import { Card } from '../../../ui/card/card.tsx';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { Entry } from '../../../ui/entry/entry.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useLongTermMedicines } from '../health-record.resource.ts';
import { daysLeft, type Medicine } from '../model/medicine.ts';
import type { RecordAddress } from '../record-address.ts';
import '../../../ui/list-table/list-table.css';
import './medicines.css';

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
        {({ content }) => <Medicines medicines={content} />}
      </QueryContent>
    </Card>
  );
}

function Medicines({ medicines }: { medicines: readonly Medicine[] }) {
  const { t } = useTranslation('health-record');
  const isNarrow = useIsNarrow();
  if (medicines.length === 0) return <Nothing>{t('medicine.none')}</Nothing>;
  return isNarrow ? <MedicineList medicines={medicines} /> : <MedicineTable medicines={medicines} />;
}

function MedicineList({ medicines }: { medicines: readonly Medicine[] }) {
  return (
    <ul>
      {medicines.map((medicine) => (
        <Entry
          key={medicine.id}
          title={<Concept concept={medicine.concept} />}
          detail={
            <>
              <span className="medicine-dose">
                <Concept concept={medicine.dose} />
              </span>
              <SourceLine date={medicine.prescribed} source={medicine.source} />
            </>
          }
          side={<Supply medicine={medicine} />}
        />
      ))}
    </ul>
  );
}

function MedicineTable({ medicines }: { medicines: readonly Medicine[] }) {
  const { t } = useTranslation('health-record');
  return (
    <table className="list-table">
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
  if (days >= 0) return <span className="dense whole figures">{t('medicine.left', { count: days })}</span>;
  return days > -90 ? (
    <span className="overdue">{t('medicine.ended', { count: -days })}</span>
  ) : (
    <span className="muted">{t('medicine.endedLong')}</span>
  );
}
