import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { Concerns } from './concerns.panel.tsx';
import { Events } from './events.panel.tsx';
import { State } from './state.panel.tsx';
import '../../ui/card/card.css';
import './audit.css';

const views = ['unusual', 'search', 'state'] as const;

/** The privacy officer's room: what to look into, who did what, and whether the trail is whole. */
export function TrailPage() {
  const { t } = useTranslation('audit');
  usePageTitle(t('officer.title'));
  const [address, setAddress] = useSearchParams();
  const view = views.find((one) => one === address.get('view')) ?? 'unusual';
  return (
    <div className="audit-page">
      <div className="audit-head">
        <h1 className="audit-title">{t('officer.title')}</h1>
        <Segmented
          value={view}
          options={views.map((value) => ({ value, label: t(`officer.${value}`) }))}
          onChange={(next) => setAddress(next === 'unusual' ? {} : { view: next })}
        />
      </div>
      {view === 'unusual' && <Concerns />}
      {view === 'search' && <Events />}
      {view === 'state' && <State />}
    </div>
  );
}
