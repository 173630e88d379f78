import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { formatDate } from '../../../ui/date-time/date-time.ts';
import type { Person } from '../../../ui/person-banner/person.ts';
import { BannerCell, PersonBanner } from '../../../ui/person-banner/person-banner.tsx';
import { ReferenceName } from '../../../ui/reference/reference.tsx';
import { Severity } from '../../../ui/severity/severity.tsx';
import { Bone } from '../../../ui/skeleton/skeleton.tsx';
import { useAllergies, useCareTeam, useMeasurements, useProgrammes } from '../health-record.resource.ts';
import { useMeasurementName } from '../measurement-name.ts';
import type { RecordAddress } from '../record-address.ts';
import { useIsSecondPerson } from '../use-second-person.ts';
import { AllergyChips } from './allergy-chips.tsx';

interface RecordBannerProps {
  person: Person;
  address: RecordAddress;
  /** Whoever looks may see who it is, and no more. */
  isClosed: boolean;
}

/** The banner with the record's own cells: allergies, programmes, contract doctor, alerts. */
export function RecordBanner({ person, address, isClosed }: RecordBannerProps) {
  const { t } = useTranslation('health-record');
  const { patientId, isOwn } = address;
  const isSecond = useIsSecondPerson(patientId) && !isOwn;
  if (isClosed) return <PersonBanner person={person} isSecond={isSecond} />;
  return (
    <PersonBanner person={person} isOwn={isOwn} isSecond={isSecond}>
      <BannerCell label={t('banner.allergies')} isKept>
        <BannerAllergies address={address} />
      </BannerCell>
      <Programmes patientId={patientId} />
      <ContractDoctor patientId={patientId} />
      <Alerts patientId={patientId} isOwn={isOwn} />
    </PersonBanner>
  );
}

function BannerAllergies({ address: { patientId, isOwn } }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const allergies = useAllergies(patientId);
  if (allergies.data) return <AllergyChips allergies={allergies.data.content} isOwn={isOwn} />;
  return allergies.error ? <span className="strong">{t('banner.unreachable')}</span> : <Bone width={120} />;
}

function Programmes({ patientId }: { patientId: string }) {
  const { t } = useTranslation('health-record');
  const programmes = useProgrammes(patientId).data?.content ?? [];
  if (programmes.length === 0) return null;
  return (
    <BannerCell label={t('banner.programmes')}>
      {programmes.map((programme) => (
        <span key={programme.coding?.[0]?.code ?? programme.text} className="tag tag-outline">
          <Concept concept={programme} />
        </span>
      ))}
    </BannerCell>
  );
}

function ContractDoctor({ patientId }: { patientId: string }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const team = useCareTeam(patientId).data?.content;
  const doctor = team?.participant?.[0]?.member;
  if (team === undefined || doctor === undefined) return null;
  return (
    <BannerCell label={t('banner.doctor')}>
      <span className="medium whole">
        <ReferenceName reference={doctor} />
      </span>
      {team.period?.end && (
        <span className="soft whole figures">{t('banner.until', { date: formatDate(team.period.end, locale) })}</span>
      )}
    </BannerCell>
  );
}

/** Latest values that call for action now. */
function Alerts({ patientId, isOwn }: { patientId: string; isOwn: boolean }) {
  const { t } = useTranslation('health-record');
  const nameOf = useMeasurementName(isOwn);
  const measurements = useMeasurements(patientId).data?.content ?? [];
  const critical = measurements.filter(({ latest }) => latest.flag === 'HH' || latest.flag === 'LL');
  if (critical.length === 0) return null;
  return (
    <BannerCell label={t('banner.alerts')} isKept>
      {critical.map((measurement) => (
        <Severity
          key={measurement.code}
          level="critical"
          word={`${nameOf(measurement)} ${measurement.latest.value ?? ''}`}
        />
      ))}
    </BannerCell>
  );
}
