import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type EventFilter, type EventView, useEvents } from './audit.resource.ts';
import { Labelled } from './labelled.tsx';
import { purposeOf } from './things.ts';
import '../../ui/list-table/list-table.css';

const outcomes = ['', '0', '4', '8'] as const;
const names = ['patient', 'agent', 'from', 'to', 'outcome'] as const;

/** Searches the trail; what is searched stands in the address. */
export function Events() {
  const { t } = useTranslation('audit');
  const [address, setAddress] = useSearchParams();
  const filter = Object.fromEntries(names.map((name) => [name, address.get(name) ?? ''])) as unknown as EventFilter;
  const events = useEvents(filter);
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(address);
    if (value) next.set(name, value);
    else next.delete(name);
    setAddress(next, { replace: true });
  };
  const field = (name: 'patient' | 'agent' | 'from' | 'to', type: string) => (
    <Labelled label={t(`search.${name}`)}>
      {(id) => (
        <Input
          id={id}
          key={filter[name]}
          type={type}
          defaultValue={filter[name]}
          onBlur={({ target }) => choose(name, target.value.trim())}
          onPressEnter={({ currentTarget }) => choose(name, currentTarget.value.trim())}
          {...(type === 'text' && { placeholder: t(`search.${name === 'agent' ? 'agentExample' : 'patientExample'}`) })}
        />
      )}
    </Labelled>
  );
  return (
    <>
      <div className="audit-filters">
        {field('agent', 'text')}
        {field('patient', 'text')}
        {field('from', 'date')}
        {field('to', 'date')}
        <Labelled label={t('search.outcome')}>
          {(id) => (
            <Select
              id={id}
              value={filter.outcome}
              options={outcomes.map((value) => ({
                value,
                label: t(value === '' ? 'officer.all' : `outcome.${value}`),
              }))}
              onChange={(value) => choose('outcome', value)}
            />
          )}
        </Labelled>
      </div>
      <QueryContent
        query={events}
        failureTitle={t('search.failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[1, 2, 1, 2, 2]} rows={12} height={36} />
          </div>
        }
      >
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('search.none')} text={t('search.noneText')} />
          ) : (
            <Card title={t('search.title')} className="audit-table-card">
              <EventTable events={rows} />
            </Card>
          )
        }
      </QueryContent>
      <MoreBelow query={events} label={t('more')} busyLabel={t('busy')} failureTitle={t('search.failed')} />
    </>
  );
}

function EventTable({ events }: { events: readonly EventView[] }) {
  const { t } = useTranslation('audit');
  return (
    <table className="list-table audit-table">
      <thead>
        <tr>
          <th scope="col">{t('search.when')}</th>
          <th scope="col">{t('search.who')}</th>
          <th scope="col">{t('search.did')}</th>
          <th scope="col">{t('search.record')}</th>
          <th scope="col">{t('search.what')}</th>
          <th scope="col">{t('search.where')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRow key={event.number} event={event} />
        ))}
      </tbody>
    </table>
  );
}

const greatestShown = 3;

function EventRow({ event }: { event: EventView }) {
  const { t } = useTranslation('audit');
  const locale = language.use();
  const {
    at,
    display,
    agent,
    purpose,
    organizationName,
    interaction,
    outcome,
    patients,
    entities,
    detail,
    client,
    address,
  } = event;
  const shown = entities.slice(0, greatestShown).map((name) => name.split('/').slice(0, 2).join('/'));
  const more = entities.length - shown.length;
  return (
    <tr>
      <td className="figures audit-nowrap">
        {formatDate(at, locale)} {formatTime(new Date(at), true)}
      </td>
      <td>
        <span className="medium">{display}</span>
        <span className="muted small audit-block">{organizationName ?? agent}</span>
      </td>
      <td>
        <code>{interaction}</code>
        {outcome !== '0' && <span className="audit-chip">{t(`outcome.${outcome === '4' ? '4' : '8'}`)}</span>}
        <span className="muted small audit-block">{t(`why.${purposeOf(purpose)}`)}</span>
      </td>
      <td>
        {patients
          .slice(0, greatestShown)
          .map(({ id, name }) => name ?? id)
          .join(', ')}
        {patients.length > greatestShown && ` +${patients.length - greatestShown}`}
      </td>
      <td className="audit-wrap">
        {shown.join(', ')}
        {more > 0 && ` +${more}`}
        {detail && <span className="muted small audit-block">{detail}</span>}
      </td>
      <td className="muted small">{[client, address].filter(Boolean).join(' ')}</td>
    </tr>
  );
}
