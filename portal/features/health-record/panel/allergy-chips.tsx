import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { formatDate } from '../../../ui/date-time/date-time.ts';
import { listText } from '../../../ui/list-text/list-text.ts';
import { Severity, type SeverityLevel } from '../../../ui/severity/severity.tsx';
import type { Allergies, Allergy, AllergyGrade } from '../model/allergy.ts';

export const levelOfGrade: Record<AllergyGrade, SeverityLevel> = {
  severe: 'abnormal',
  moderate: 'caution',
  mild: 'caution',
  unknown: 'caution',
};

/** Allergies in the smallest form in which they may be shown; none known and never asked are different words. */
export function AllergyChips({ allergies, isOwn }: { allergies: Allergies; isOwn: boolean }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const wordOf = useAllergyWord();
  if (allergies.state === 'not-recorded')
    return <Severity level="unknown" word={t(isOwn ? 'allergy.ownNotRecorded' : 'allergy.notRecorded')} />;
  if (allergies.state === 'none-known') {
    return (
      <>
        <span className="medium whole">{t('allergy.noneKnown')}</span>
        {allergies.asked && (
          <span className="soft whole figures">
            {t('allergy.asked', { date: formatDate(allergies.asked, locale) })}
          </span>
        )}
      </>
    );
  }
  return allergies.allergies.map((allergy) => (
    <Severity key={allergy.id} level={levelOfGrade[allergy.grade]} word={wordOf(allergy)} />
  ));
}

/** "Penicillin, severe"; where the grade says little, what happened: "ACE inhibitor, cough". */
function useAllergyWord() {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  return ({ substance, manifestations, grade }: Allergy) => {
    const manifestation = manifestations[0] && conceptText(manifestations[0], locale).toLowerCase();
    const second = grade === 'severe' ? t('allergy.grade.severe').toLowerCase() : manifestation;
    return listText([conceptText(substance, locale), second], locale);
  };
}
