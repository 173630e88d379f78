import { useTranslation } from 'react-i18next';
import { wordsIn } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type GradeReport, useGrade } from './directory.resource.ts';
import { useTerms } from './use-terms.ts';

const states = ['unmet', 'unknown', 'met'] as const;

/** What the level of an institution asks for, and what of it is there: unmet first. */
export function GradePanel({ id }: { id: string }) {
  const { t } = useTranslation('directory');
  const grade = useGrade(id, true);
  const checklist = grade.data?.checklist;
  const met = grade.data?.findings.filter(({ state }) => state === 'met').length ?? 0;
  return (
    <Card
      title={t('grade.title')}
      meta={
        checklist && <span className="figures">{t('grade.met', { met, all: grade.data?.findings.length ?? 0 })}</span>
      }
    >
      <QueryContent
        query={grade}
        failureTitle={t('grade.failed')}
        skeleton={<SkeletonRows columns={[1, 3]} rows={8} />}
      >
        {(report) => (report.checklist ? <Checklist report={report} /> : <Nothing>{t('grade.none')}</Nothing>)}
      </QueryContent>
    </Card>
  );
}

function Checklist({ report }: { report: GradeReport }) {
  const { t } = useTranslation('directory');
  const findings = states.flatMap((state) => report.findings.filter((finding) => finding.state === state));
  return (
    <>
      <ul className="directory-rows">
        {findings.map((finding) => (
          <FindingRow key={finding.id} finding={finding} />
        ))}
      </ul>
      <p className="card-part">
        {t('grade.source', { source: report.checklist?.source ?? '' })}{' '}
        {report.checklist?.isVerified === false && t('grade.unverified')}
      </p>
    </>
  );
}

const icons = { met: 'tick', unmet: 'cross', unknown: 'clock' } as const;

function FindingRow({ finding }: { finding: GradeReport['findings'][number] }) {
  const { t } = useTranslation('directory');
  const { language } = useTerms();
  const { state, found, atLeast, atMost, basis } = finding;
  const wanted =
    atLeast !== undefined && atMost !== undefined
      ? t('grade.between', { atLeast, atMost })
      : atLeast !== undefined
        ? t('grade.atLeast', { atLeast })
        : '';
  const isCounted = atLeast !== undefined || atMost !== undefined;
  return (
    <li>
      <span className={`directory-finding-state small directory-finding-${state}`}>
        <Icon name={icons[state]} size={14} />
        {t(`grade.state.${state}`)}
      </span>
      <span>{wordsIn(language, finding)}</span>
      <span className="directory-edge muted small figures">
        {isCounted && found !== undefined && `${found} / `}
        {wanted} {isCounted && basis === 'declared' && found !== undefined && t('grade.declared')}
      </span>
    </li>
  );
}
