import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type TrailState, useTrailState } from './audit.resource.ts';

/** Whether the trail is sealed, and what its verifications found. */
export function State() {
  const { t } = useTranslation('audit');
  const state = useTrailState();
  return (
    <QueryContent
      query={state}
      failureTitle={t('whole.failed')}
      skeleton={
        <div className="card">
          <SkeletonRows columns={[1, 1, 1]} rows={4} height={44} />
        </div>
      }
    >
      {({ sealedAt, unsealed, verifications }) => (
        <>
          <Card title={t('whole.seal')}>
            <dl className="audit-facts">
              <div>
                <dt>{t('whole.sealedAt')}</dt>
                <dd className="figures">{sealedAt ? <Moment instant={sealedAt} /> : t('whole.never')}</dd>
              </div>
              <div>
                <dt>{t('whole.unsealed')}</dt>
                <dd className="figures">{t('whole.events', { count: unsealed })}</dd>
              </div>
            </dl>
          </Card>
          <Card title={t('whole.verifications')} meta={t('whole.how')}>
            {verifications.length === 0 ? (
              <Nothing>{t('whole.notYet')}</Nothing>
            ) : (
              <ul className="audit-items">
                {verifications.map((one) => (
                  <Verification key={one.ended} verification={one} />
                ))}
              </ul>
            )}
          </Card>
        </>
      )}
    </QueryContent>
  );
}

function Moment({ instant }: { instant: string }) {
  const locale = language.use();
  return `${formatDate(instant, locale)} ${formatTime(new Date(instant), true)}`;
}

function Verification({ verification }: { verification: TrailState['verifications'][number] }) {
  const { t } = useTranslation('audit');
  const { ended, isWhole, events, findings, examples } = verification;
  const locale = language.use();
  const count = new Intl.NumberFormat(locale).format(events);
  return (
    <li className="audit-item">
      <div className="audit-item-head">
        <span className="audit-who">{findings === 0 ? t('whole.fine') : t('whole.found', { count: findings })}</span>
        <span className="figures muted audit-when">
          <Moment instant={ended} />
        </span>
      </div>
      <p className="muted dense figures">{t(isWhole ? 'whole.all' : 'whole.part', { events: count })}</p>
      {examples.length > 0 && (
        <ul className="audit-examples dense">
          {examples.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
