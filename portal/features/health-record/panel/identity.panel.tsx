import type { Patient } from 'fhir/r4.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Card } from '../../../ui/card/card.tsx';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { formatDate } from '../../../ui/date-time/date-time.ts';
import { parseHumanNames } from '../../../ui/human-name/human-name.ts';
import { NameText } from '../../../ui/human-name/human-name.tsx';
import { listText } from '../../../ui/list-text/list-text.ts';
import type { Person } from '../../../ui/person-banner/person.ts';
import { ReferenceName } from '../../../ui/reference/reference.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useCoverage, useMeasurements, usePatient } from '../health-record.resource.ts';
import { byBloodGroup, isBloodGroup } from '../model/measurement.ts';
import type { RecordAddress } from '../record-address.ts';
import { Relationship } from './relationship.tsx';

/** Who the person is beyond the banner: numbers, home, phone, next of kin, social facts, insurance, who keeps the record. */
export function IdentityPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const patient = usePatient(address.patientId);
  return (
    <Card className="summary-more" title={t(address.isOwn ? 'identity.ownTitle' : 'identity.title')}>
      <QueryContent
        query={patient}
        failureTitle={t('failed.record')}
        skeleton={<SkeletonRows columns={[1, 2]} rows={6} height={28} />}
      >
        {(content) => <Facts {...content} />}
      </QueryContent>
    </Card>
  );
}

function Facts({ patient, person }: { patient: Patient; person: Person }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const coverage = useCoverage(person.id).data?.content ?? [];
  return (
    <dl className="facts">
      <Fact label={t('identity.born')}>{person.birthDate && formatDate(person.birthDate, locale)}</Fact>
      <Fact label={t('identity.recordNumber')}>
        {person.recordNumber && <span className="figures">{person.recordNumber}</span>}
      </Fact>
      <Fact label={t('identity.phone')}>
        {person.phones[0] && <span className="figures whole">{person.phones.join(' ')}</span>}
      </Fact>
      <Fact label={t('identity.home')}>{person.address && <span lang="zh-CN">{person.address}</span>}</Fact>
      <Contacts patient={patient} />
      <BloodGroup patientId={person.id} />
      <Fact label={t('identity.marital')}>{maritalConcept(patient, t)}</Fact>
      <SocialFact label={t('identity.ethnicGroup')} patient={patient} name="ethnic-group" />
      <SocialFact label={t('identity.education')} patient={patient} name="education" />
      <SocialFact label={t('identity.occupation')} patient={patient} name="occupation" />
      <Fact label={t('identity.insurance')}>
        {coverage.length > 0 && coverage.map((type) => <Concept key={type.text} concept={type} />)}
      </Fact>
      <Fact label={t('identity.keeper')}>
        {patient.managingOrganization && <ReferenceName reference={patient.managingOrganization} />}
      </Fact>
    </dl>
  );
}

/** What the record does not hold is left out: an empty label tells nothing. */
function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SocialFact({ label, patient, name }: { label: string; patient: Patient; name: string }) {
  const concept = patient.extension?.find(({ url }) => url.endsWith(`/${name}`))?.valueCodeableConcept;
  return <Fact label={label}>{concept && <Concept concept={concept} />}</Fact>;
}

function Contacts({ patient }: { patient: Patient }) {
  const { t } = useTranslation('health-record');
  const contacts = (patient.contact ?? []).filter(({ name }) => name);
  return (
    <Fact label={t('identity.contact')}>
      {contacts.length > 0 &&
        contacts.map(({ name, relationship, telecom }) => (
          <div key={name?.text} className="fact-contact">
            <NameText name={parseHumanNames(name && [name])} />
            <span className="muted">
              <Relationship concept={relationship?.[0]} />
            </span>
            <span className="figures whole">{telecom?.[0]?.value}</span>
          </div>
        ))}
    </Fact>
  );
}

/** Blood group with the day on which it was determined. */
function BloodGroup({ patientId }: { patientId: string }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const groups = (useMeasurements(patientId).data?.content ?? []).filter(isBloodGroup).sort(byBloodGroup);
  const words = groups.map(({ latest }) => latest.finding && conceptText(latest.finding, locale));
  const date = groups[0]?.latest.at;
  return (
    <Fact label={t('identity.bloodGroup')}>
      {groups.length > 0 && (
        <>
          {listText(words, locale)} {date && <span className="muted whole">{formatDate(date, locale)}</span>}
        </>
      )}
    </Fact>
  );
}

type Translate = ReturnType<typeof useTranslation<'health-record'>>['t'];

// https://terminology.hl7.org/CodeSystem-v3-MaritalStatus.html
const maritalCodes = ['M', 'S', 'W', 'D', 'L', 'T', 'UNK'] as const;

function maritalConcept({ maritalStatus }: Patient, t: Translate): ReactNode {
  const code = maritalCodes.find((candidate) => candidate === maritalStatus?.coding?.[0]?.code);
  if (code) return t(`marital.${code}`);
  return maritalStatus && <Concept concept={maritalStatus} />;
}
