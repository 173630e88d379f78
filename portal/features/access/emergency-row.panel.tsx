import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import type { PersonName } from '../../ui/human-name/human-name.ts';
import { NameText } from '../../ui/human-name/human-name.tsx';
import type { EmergencyView } from './access.resource.ts';
import { JudgementForm } from './judgement.form.tsx';

/** One record that was opened: by whom, whose, when, why, and what was decided on it. */
export function EmergencyRow({ emergency, name }: { emergency: EmergencyView; name: PersonName | undefined }) {
  const { t } = useTranslation('access');
  const { t: shell } = useTranslation('shell');
  const locale = language.use();
  const [isJudging, setIsJudging] = useState(false);
  const { person, patient, reason, opened, ends, released, isOpen, judgement, judge, note, isOwn } = emergency;
  const end = released ?? ends;
  const at = (instant: string) => `${formatDate(instant, locale)} ${formatTime(new Date(instant))}`;
  return (
    <li className="emergency-row">
      <div className="emergency-who">
        <span className="emergency-person">{person.display}</span>
        <span className="muted dense">{shell(`role.${person.role as 'hospital-physician'}`)}</span>
      </div>
      <div className="emergency-what">
        <p>{name ? <NameText name={name} /> : <span className="muted">{patient}</span>}</p>
        <p className="emergency-reason">{reason}</p>
        <p className="muted dense">
          {t('review.period', { from: at(opened), to: formatTime(new Date(end)) })}
          {isOpen && ` · ${t('review.stillOpen')}`}
        </p>
        {judgement && (
          <p className="emergency-judgement">
            {t(`judgement.${judgement}`)}
            {judge && <span className="muted"> · {judge}</span>}
          </p>
        )}
        {note && <p className="emergency-note">{note}</p>}
      </div>
      {!judgement && (
        <div className="emergency-actions">
          {isOwn ? (
            <span className="muted dense">{t('review.own')}</span>
          ) : (
            <Button onClick={() => setIsJudging(!isJudging)} aria-expanded={isJudging}>
              {t('review.judge')}
            </Button>
          )}
        </div>
      )}
      {isJudging && !judgement && <JudgementForm id={emergency.id} onDone={() => setIsJudging(false)} />}
    </li>
  );
}
