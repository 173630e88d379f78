import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import type { QuestionView } from './audit.resource.ts';

/** What was asked, and what was answered. */
export function Questions({ questions }: { questions: readonly QuestionView[] }) {
  const { t } = useTranslation('audit');
  const locale = language.use();
  if (questions.length === 0) return null;
  return (
    <Card title={t('questions.title')}>
      <ul className="audit-items">
        {questions.map(({ number, agentDisplay, at, text, answer, answeredAt }) => (
          <li key={number} className="audit-item">
            <div className="audit-item-head">
              <span className="audit-who">{t('questions.about', { name: agentDisplay })}</span>
              <span className="muted audit-when">{formatDate(at, locale)}</span>
            </div>
            <p className="audit-quote">{text}</p>
            {answer === undefined ? (
              <p className="muted dense">{t('questions.waiting')}</p>
            ) : (
              <>
                <p className="medium dense">
                  {t('questions.answered', { date: answeredAt ? formatDate(answeredAt, locale) : '' })}
                </p>
                <p className="audit-quote">{answer}</p>
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
