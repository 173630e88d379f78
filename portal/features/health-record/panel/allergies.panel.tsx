import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Card } from '../../../ui/card/card.tsx';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { Entry } from '../../../ui/entry/entry.tsx';
import { listText } from '../../../ui/list-text/list-text.ts';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { Severity } from '../../../ui/severity/severity.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useAllergies } from '../health-record.resource.ts';
import type { Allergies, Allergy } from '../model/allergy.ts';
import type { RecordAddress } from '../record-address.ts';
import { levelOfGrade } from './allergy-chips.tsx';

/** Allergies and adverse reactions: what, what happened, how bad, since when, who says so. */
export function AllergiesPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const allergies = useAllergies(address.patientId);
  return (
    <Card className="summary-allergies" title={t('allergy.title')}>
      <QueryContent
        query={allergies}
        failureTitle={t('failed.allergies')}
        skeleton={<SkeletonRows columns={[3, 1]} rows={2} height={53} />}
      >
        {({ content }) => <ul>{entriesOf(content, address.isOwn)}</ul>}
      </QueryContent>
    </Card>
  );
}

function entriesOf(allergies: Allergies, isOwn: boolean): ReactNode {
  if (allergies.state === 'some')
    return allergies.allergies.map((allergy) => <AllergyEntry key={allergy.id} allergy={allergy} />);
  return <NoAllergy allergies={allergies} isOwn={isOwn} />;
}

function NoAllergy({ allergies, isOwn }: { allergies: Exclude<Allergies, { state: 'some' }>; isOwn: boolean }) {
  const { t } = useTranslation('health-record');
  if (allergies.state === 'not-recorded')
    return (
      <Entry title={<Severity level="unknown" word={t(isOwn ? 'allergy.ownNotRecorded' : 'allergy.notRecorded')} />} />
    );
  return (
    <Entry title={t('allergy.noneKnown')} detail={<SourceLine date={allergies.asked} source={allergies.source} />} />
  );
}

function AllergyEntry({ allergy }: { allergy: Allergy }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const happened = listText(
    allergy.manifestations.map((manifestation) => conceptText(manifestation, locale)),
    locale,
  );
  return (
    <Entry
      title={<Concept concept={allergy.substance} />}
      detail={
        <SourceLine date={allergy.since} source={allergy.source}>
          {happened && <span>{happened}</span>}
        </SourceLine>
      }
      side={<Severity level={levelOfGrade[allergy.grade]} word={t(`allergy.grade.${allergy.grade}`)} />}
    />
  );
}
