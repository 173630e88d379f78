import { AllergiesPanel } from './panel/allergies.panel.tsx';
import { IdentityPanel } from './panel/identity.panel.tsx';
import { MeasurementsPanel } from './panel/measurements.panel.tsx';
import { MedicinesPanel } from './panel/medicines.panel.tsx';
import { NoticesPanel } from './panel/notices.panel.tsx';
import { PastPanel, ProblemsPanel } from './panel/problems.panel.tsx';
import { TrendsPanel } from './panel/trends.panel.tsx';
import { VaccinationsPanel } from './panel/vaccinations.panel.tsx';
import { useRecordAddress } from './record-address.ts';
import { TimelinePicturePanel } from './timeline/timeline-picture.panel.tsx';
import './summary.css';

/** The home page of the record: what must be known about the person, at one glance. */
export function SummaryPage() {
  const address = useRecordAddress();
  return (
    <>
      {address.isOwn && <NoticesPanel patientId={address.patientId} />}
      <div className="summary">
        <div className="summary-person">
          <ProblemsPanel address={address} />
          <AllergiesPanel address={address} />
          <PastPanel address={address} />
          <VaccinationsPanel address={address} />
          <IdentityPanel address={address} />
        </div>
        <div className="summary-care">
          <MedicinesPanel address={address} />
          <MeasurementsPanel address={address} />
        </div>
        <div className="summary-trends">
          <TrendsPanel address={address} />
        </div>
        <div className="summary-timeline">
          <TimelinePicturePanel address={address} />
        </div>
      </div>
    </>
  );
}
