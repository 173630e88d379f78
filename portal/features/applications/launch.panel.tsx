import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useApplications, useLaunch } from './applications.resource.ts';
import './applications.css';

/** Starts applications of others on this patient; nothing where none is registered. */
export function LaunchPanel({ patient }: { patient: string }) {
  const { t } = useTranslation('applications');
  const applications = useApplications().data?.applications ?? [];
  const launch = useLaunch(patient);
  if (applications.length === 0) return null;
  return (
    <section className="application-launch" aria-label={t('launch.title')}>
      <span className="muted dense">{t('launch.title')}</span>
      {applications.map(({ id, name }) => (
        <Button
          key={id}
          size="small"
          onClick={() => launch.mutate(id)}
          loading={launch.variables === id && launch.isPending}
        >
          {name}
        </Button>
      ))}
      {launch.error && <FailureNotice title={t('launch.failed')} failure={launch.error} />}
    </section>
  );
}
