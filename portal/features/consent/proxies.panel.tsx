import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type ProxyView, useConsents, useProxies, useVocabulary } from './consent.resource.ts';
import { ConsentEntry } from './consent-entry.panel.tsx';

/** Who may act for the resident, and for whom the resident may. Mandates in force can be taken back here. */
export function ProxiesPanel({ patient }: { patient: string | undefined }) {
  const { t } = useTranslation('consent');
  const proxies = useProxies(patient);
  const vocabulary = useVocabulary().data;
  const isInForce = (state: string) => state === 'granted' || state === 'narrowed';
  const mandates = (useConsents(patient).data?.consents ?? []).filter(
    ({ kind, state }) => kind === 'mandate' && isInForce(state),
  );
  return (
    <Card title={t('list.proxies')}>
      <QueryContent
        query={proxies}
        failureTitle={t('failed.proxies')}
        skeleton={<SkeletonRows columns={[2, 1]} rows={2} height={44} />}
      >
        {({ proxies: mine, wards }) => (
          <>
            {mine.length + wards.length === 0 && <Nothing>{t('empty.proxies')}</Nothing>}
            <ul className="consent-list">
              {mandates.map((mandate) => (
                <ConsentEntry key={mandate.id} consent={mandate} vocabulary={vocabulary} />
              ))}
              {mine
                .filter(({ by }) => by === 'parent')
                .map((proxy) => (
                  <ProxyRow key={proxy.reference} proxy={proxy} text="proxy.parent" />
                ))}
              {wards.map((ward) => (
                <ProxyRow
                  key={ward.reference}
                  proxy={ward}
                  text={ward.by === 'parent' ? 'proxy.child' : 'proxy.ward'}
                />
              ))}
            </ul>
          </>
        )}
      </QueryContent>
    </Card>
  );
}

function ProxyRow({ proxy, text }: { proxy: ProxyView; text: 'proxy.parent' | 'proxy.child' | 'proxy.ward' }) {
  const { t } = useTranslation('consent');
  const locale = language.use();
  return (
    <li className="consent-entry">
      <div className="consent-words">
        <p className="medium">{proxy.display}</p>
        <p className="muted dense figures">
          {t(text)}
          {proxy.until && ` · ${t('scope.ends', { day: formatDate(proxy.until, locale) })}`}
        </p>
      </div>
    </li>
  );
}
