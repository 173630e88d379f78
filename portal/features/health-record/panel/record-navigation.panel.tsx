import { useTranslation } from 'react-i18next';
import { Link, NavLink, useLocation } from 'react-router';
import { Icon, type IconName } from '../../../ui/icon/icon.tsx';
import { useEntryCounts } from '../health-record.resource.ts';
import { entryKinds, isEntryKind, kindsOfEntry } from '../model/record-entry.ts';
import type { RecordAddress } from '../record-address.ts';

/** The pages of the record on a desk, with how much there is behind each. */
export function RecordRail({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const counts = useEntryCounts(address.patientId).data ?? {};
  const here = useHere(address);
  const timeline = `${address.base}/timeline`;
  return (
    <nav className="rail" aria-label={t('navigation')}>
      <RailLink to={address.base} icon="home" label={t('page.overview')} isHere={here === 'overview'} />
      <RailLink
        to={timeline}
        icon="history"
        label={t('page.timeline')}
        count={counts.visits}
        isHere={here === 'timeline'}
      />
      <span className="rail-heading">{t('page.recorded')}</span>
      {entryKinds.map((kind) => (
        <RailLink
          key={kind}
          to={`${timeline}?kind=${kind}`}
          icon={kindsOfEntry[kind].icon}
          label={t(`kind.${kind}`)}
          count={counts[kind]}
          isHere={here === kind}
        />
      ))}
      {!address.isOwn && (
        <RailLink to={`${address.base}/consent`} icon="lock" label={t('page.consent')} isHere={false} />
      )}
    </nav>
  );
}

function useHere({ base }: RecordAddress) {
  const { pathname, search } = useLocation();
  if (pathname === base) return 'overview';
  const kind = new URLSearchParams(search).get('kind');
  return isEntryKind(kind) ? kind : 'timeline';
}

interface RailLinkProps {
  to: string;
  icon: IconName;
  label: string;
  count?: number;
  isHere: boolean;
}

function RailLink({ to, icon, label, count, isHere }: RailLinkProps) {
  return (
    <Link to={to} className={isHere ? 'rail-link rail-here' : 'rail-link'} aria-current={isHere ? 'page' : undefined}>
      <Icon name={icon} />
      {label}
      {count !== undefined && <span className="rail-count figures">{count}</span>}
    </Link>
  );
}

/** The pages of the record where there is no room for a rail. */
export function RecordTabs({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  return (
    <nav className="record-tabs" aria-label={t('navigation')}>
      <NavLink to={address.base} end>
        {t(address.isOwn ? 'page.summary' : 'page.overview')}
      </NavLink>
      <NavLink to={`${address.base}/timeline`}>{t('page.timeline')}</NavLink>
    </nav>
  );
}
