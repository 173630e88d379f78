import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type DivisionView, useDivision } from './division.resource.ts';

/** What a code means, where it lies, what it was and what became of it. */
export function DivisionFacts({ code, onChoose }: { code: string; onChoose: (code: string) => void }) {
  const { t } = useTranslation('division');
  const division = useDivision(code);
  return (
    <QueryContent query={division} failureTitle={t('failed')} skeleton={<SkeletonRows columns={[1, 2]} rows={6} />}>
      {(view) => <Facts view={view} onChoose={onChoose} />}
    </QueryContent>
  );
}

function Facts({ view, onChoose }: { view: DivisionView; onChoose: (code: string) => void }) {
  const { t, i18n } = useTranslation('division');
  const { division, branch, meanings } = view;
  // A code that was given another meaning followed itself.
  const became = view.became.filter(({ successor }) => successor !== division.code);
  const was = view.was.filter(({ code }) => code !== division.code);
  const isEnglish = i18n.language === 'en';
  const language = isEnglish ? 'en' : 'zh-CN';
  const day = (text: string) => formatDate(text, language);
  const codeButton = (code: string) => (
    <button type="button" className="division-link figures" onClick={() => onChoose(code)}>
      {code}
    </button>
  );
  return (
    <Card title={isEnglish ? division.english : division.name} meta={isEnglish ? division.name : division.english}>
      <dl className="division-facts">
        <dt>{t('code')}</dt>
        <dd className="figures">
          {division.code} <span className="muted">{division.code.padEnd(12, '0')}</span>
        </dd>
        <dt>{t('level')}</dt>
        <dd>{t(`kind.${division.kind}`)}</dd>
        <dt>{t('liesIn')}</dt>
        <dd>
          {branch
            .slice(1)
            .map((place) => (isEnglish ? place.english : place.name))
            .join(isEnglish ? ', ' : ' ')}
        </dd>
        {(meanings.length > 1 || division.validUntil !== undefined) && (
          <>
            <dt>{t('meanings')}</dt>
            <dd>
              {meanings.map(({ name, validFrom, validUntil }) => (
                <p key={`${name}${validUntil}`}>
                  {name} {validFrom !== undefined && t('from', { day: day(validFrom) })}{' '}
                  {validUntil !== undefined && t('until', { day: day(validUntil) })}
                </p>
              ))}
            </dd>
          </>
        )}
        {became.length > 0 && (
          <>
            <dt>{t('became')}</dt>
            <dd>
              {became.map(({ successor }) => (
                <span key={successor}>{codeButton(successor)} </span>
              ))}
            </dd>
          </>
        )}
        {was.length > 0 && (
          <>
            <dt>{t('was')}</dt>
            <dd>
              {was.map(({ code, until }) => (
                <span key={`${code}${until}`}>
                  {codeButton(code)} <span className="muted">{t('until', { day: day(until) })}</span>{' '}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      <p className="card-part">
        <Link to={`/directory?division=${division.code}&place=${encodeURIComponent(division.name)}`}>
          {t('institutions')}
        </Link>
      </p>
    </Card>
  );
}
