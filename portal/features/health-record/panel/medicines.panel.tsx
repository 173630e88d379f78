import { useTranslation } from 'react-i18next';
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
import './medicines.css';

/** Medicines taken for long: dose, how long the supply lasts, who prescribed them when. */
export function MedicinesPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const medicines = useLongTermMedicines(address.patientId);
  return (
    <Card
      className="summary-medicines"
      title={t(address.isOwn ? 'medicine.ownTitle' : 'medicine.title')}
      meta={medicines.data?.content.length || undefined}
    >
      <QueryContent
        query={medicines}
        failureTitle={t('failed.medicines')}
        skeleton={<SkeletonRows columns={[4, 1]} rows={4} height={71} />}
      >
        {({ content }) => <Medicines medicines={content} />}
      </QueryContent>
    </Card>
  );
}

function Medicines({ medicines }: { medicines: readonly Medicine[] }) {
  const { t } = useTranslation('health-record');
  if (medicines.length === 0) return <Nothing>{t('medicine.none')}</Nothing>;
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
