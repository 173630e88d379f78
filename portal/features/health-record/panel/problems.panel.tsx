import type { CodeableConcept } from 'fhir/r4.js';
import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Card } from '../../../ui/card/card.tsx';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { formatMonth } from '../../../ui/date-time/date-time.ts';
import { Entry } from '../../../ui/entry/entry.tsx';
import { listText } from '../../../ui/list-text/list-text.ts';
import { ReferenceName } from '../../../ui/reference/reference.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { Severity, type SeverityLevel } from '../../../ui/severity/severity.tsx';
import { ShowAll } from '../../../ui/show-all/show-all.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useFamilyHistory, useMeasurements, useProblems } from '../health-record.resource.ts';
import { useMeasurementName } from '../measurement-name.ts';
import { type ControlState, controlOf } from '../model/control-state.ts';
import type { Problem } from '../model/problem.ts';
import type { RecordAddress } from '../record-address.ts';
import { useSourceOf } from '../use-source.ts';
import { Relationship } from './relationship.tsx';

/** What the person has now, each long-term disease with how it stands, and what is past. */
export function ProblemsPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const problems = useProblems(address.patientId);
  const active = problems.data?.content.active;
  return (
    <Card
      className="summary-problems"
      title={t(address.isOwn ? 'problems.ownTitle' : 'problems.title')}
      meta={active && active.length > 0 && t('problems.active', { count: active.length })}
    >
      <QueryContent
        query={problems}
        failureTitle={t('failed.problems')}
        skeleton={<SkeletonRows columns={[3, 1]} rows={4} height={53} />}
      >
        {({ content }) =>
          content.active.length === 0 ? (
            <Nothing>{t('problems.none')}</Nothing>
          ) : (
            <ul>
              {content.active.map((problem) => (
                <ProblemEntry key={problem.id} problem={problem} address={address} />
              ))}
            </ul>
          )
        }
      </QueryContent>
    </Card>
  );
}

const levels: Record<ControlState, SeverityLevel> = {
  controlled: 'stable',
  'above-goal': 'abnormal',
  'not-measured': 'unknown',
};

function ProblemEntry({ problem, address }: { problem: Problem; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const nameOf = useMeasurementName(false);
  const sourceOf = useSourceOf(address);
  const measurements = useMeasurements(address.patientId).data?.content;
  const control = measurements && controlOf(problem, measurements, new Date());
  const since = problem.since && t('problems.since', { date: formatMonth(problem.since, locale) });
  const word =
    control &&
    t(`control.${control.state}`, { name: nameOf({ code: control.code, concept: {} }), count: control.withinMonths });
  return (
    <Entry
      title={<Concept concept={problem.concept} />}
      detail={
        <span className="source-line figures">
          <span>{listText([problem.icd, since], locale)}</span>
          <ReferenceName reference={sourceOf(problem)} />
        </span>
      }
      side={control && word && <Severity level={levels[control.state]} word={word} />}
    />
  );
}

const pastShownFirst = 4;

/** Diseases that are over, and those of the family. Shown only where there are any. */
export function PastPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const past = useProblems(address.patientId).data?.content.past ?? [];
  const family = useFamilyHistory(address.patientId).data?.content ?? [];
  if (past.length === 0 && family.length === 0) return null;
  return (
    <Card className="summary-more" title={t('past.title')}>
      <ShowAll items={past} first={pastShownFirst}>
        {(problem) => <PastEntry key={problem.id} problem={problem} address={address} />}
      </ShowAll>
      {family.length > 0 && (
        <>
          <h3 className="card-part">{t('past.family')}</h3>
          <ul>
            {family.map((relative) => (
              <Entry
                key={relative.id}
                title={<Relationship concept={relative.relationship} />}
                detail={
                  <SourceLine date={relative.recorded}>
                    <ConceptList concepts={relative.conditions} />
                  </SourceLine>
                }
              />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function PastEntry({ problem, address }: { problem: Problem; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const sourceOf = useSourceOf(address);
  const period = periodText(problem, (date) => formatMonth(date, locale), t('to'));
  return (
    <Entry
      title={<Concept concept={problem.concept} />}
      detail={
        <span className="source-line figures">
          <span>{listText([problem.icd, period], locale)}</span>
          <ReferenceName reference={sourceOf(problem)} />
        </span>
      }
    />
  );
}

function ConceptList({ concepts }: { concepts: readonly CodeableConcept[] }) {
  const locale = language.use();
  return (
    <span className="soft">
      {listText(
        concepts.map((concept) => conceptText(concept, locale)),
        locale,
      )}
    </span>
  );
}

function periodText({ since, until }: Problem, format: (date: string) => string, to: string): string | undefined {
  const [start, end] = [since && format(since), until && format(until)];
  return start && end && start !== end ? `${start} ${to} ${end}` : (end ?? start);
}
