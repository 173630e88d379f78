import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import type { ConcernView } from './audit.resource.ts';
import { JudgementForm } from './judgement.form.tsx';

interface ConcernRowProps {
  concern: ConcernView;
  isOpen: boolean;
  onToggle: () => void;
}

/** Who looked at whom, why that is unusual, and what was made of it. */
export function ConcernRow({ concern, isOpen, onToggle }: ConcernRowProps) {
  const { t } = useTranslation('audit');
  const locale = language.use();
  const { agentDisplay, patientName, patient, kinds, reasons, firstAt, looks, note, reviewer, reviewedAt } = concern;
  return (
    <li className="audit-item">
      <div className="audit-item-head">
        <span className="audit-who">
          {patient === ''
            ? agentDisplay
            : t('officer.looked', { agent: agentDisplay, patient: patientName ?? patient })}
        </span>
        <span className="figures muted audit-when">
          {formatDate(firstAt, locale)} {formatTime(new Date(firstAt))}
        </span>
      </div>
      <ul className="audit-reasons">
        {kinds.map((kind) => (
          <li key={kind}>
            <span className="audit-chip">{t(`kind.${kind}`)}</span>{' '}
            <span className="dense">
              {kind === 'question' ? reasons.question : t(`reason.${kind}`, readReason(reasons[kind]))}
            </span>
          </li>
        ))}
      </ul>
      {note && reviewer && (
        <p className="dense muted">
          {t('officer.judged', { reviewer, date: reviewedAt ? formatDate(reviewedAt, locale) : '' })} {note}
        </p>
      )}
      <div className="audit-item-foot">
        {looks > 0 && <span className="muted dense figures">{t('mine.times', { count: looks })}</span>}
        <Button
          size="small"
          onClick={onToggle}
          aria-expanded={isOpen}
          icon={<Icon name={isOpen ? 'down' : 'right'} size={14} />}
        >
          {t('officer.judge')}
        </Button>
        <a className="dense" href={`/administration/trail?${searchOf(concern)}`}>
          {t('officer.see')}
        </a>
      </div>
      {isOpen && <JudgementForm concern={concern} onDone={onToggle} />}
    </li>
  );
}

/** `61/12`: patients of the day, and of other days; an hour by itself. */
function readReason(reason = '') {
  const [today = '', usual = '0'] = reason.split('/');
  return { today, usual, hour: reason };
}

const searchOf = ({ agent, patient, day }: ConcernView) =>
  new URLSearchParams({ view: 'search', agent, ...(patient && { patient }), from: day, to: day });
