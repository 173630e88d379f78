import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { Nothing } from '../../ui/states/empty.tsx';
import type { HolderView } from './health-code.resource.ts';

/** Who scanned the code, the last fifty times; refusals, too. */
export function UsesPanel({ uses }: Pick<HolderView, 'uses'>) {
  const { t } = useTranslation('health-code');
  const locale = language.use();
  return (
    <Card title={t('uses.title')} meta={uses.length > 0 ? <span className="figures">{uses.length}</span> : undefined}>
      {uses.length === 0 && <Nothing>{t('uses.none')}</Nothing>}
      <ul className="code-uses">
        {uses.map(({ at, place, kind, display, scopes, refusal }) => (
          <li key={`${at} ${display}`}>
            <p className="medium">
              {t(`place.${place as 'reception'}`)} · {display}
            </p>
            <p className="dense">
              {refusal
                ? t('uses.refused', { reason: t(`refusal.${refusal as 'expired'}`) })
                : scopes.map((scope) => t(`scope.${scope}`)).join(' · ')}
            </p>
            <p className="muted small figures">
              {formatDate(at, locale)} {formatTime(new Date(at))} · {t(`kind.${kind as 'paper'}`)}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
