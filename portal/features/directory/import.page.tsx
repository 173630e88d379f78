import { useQueryClient } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type ImportedRow, importAddress, sendFile, useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { ImportReport, type Report } from './import-report.panel.tsx';
import { useTerms } from './use-terms.ts';

const kinds = ['organizations', 'departments', 'practitioners', 'registrations', 'services', 'divisions'] as const;
type Kind = (typeof kinds)[number];

const mostShown = 1000;

function addRows(report: Report, rows: readonly ImportedRow[]): Report {
  const counts = { ...report.counts };
  const refused = [...report.refused];
  let { problem } = report;
  for (const row of rows) {
    if (row.isComplete !== undefined) problem = row.isComplete ? undefined : (row.problem ?? '');
    else if (row.fate) counts[row.fate] = (counts[row.fate] ?? 0) + 1;
    if (row.fate === 'refused' && refused.length < mostShown) refused.push(row);
  }
  return { ...report, counts, refused, problem };
}

/** Takes a CSV file in: first to see what would happen, then for real. */
export function ImportPage() {
  const { t } = useTranslation('directory');
  const { language } = useTerms();
  usePageTitle(t('nav.import'));
  const standing = useStanding().data;
  const [kind, setKind] = useState<Kind>('organizations');
  const [file, setFile] = useState<File>();
  const { report, failure, start, stop, reset } = useImport(kind, file);
  const choose = useRef<HTMLInputElement>(null);
  const isRunning = report?.isRunning ?? false;
  return (
    <div className="directory">
      <div className="directory-head">
        <h1 className="directory-title">{t('nav.import')}</h1>
        <DirectoryNav maySeeStaff={standing?.maySeeStaff ?? false} mayEdit={standing?.mayEdit ?? false} />
      </div>
      <Card
        title={t('import.title')}
        meta={
          kind !== 'divisions' && (
            <a href={importAddress(kind, language === 'en' ? 'en' : 'zh')} download>
              {t('import.template')}
            </a>
          )
        }
      >
        <div className="directory-drop">
          <KindChoice
            kind={kind}
            isDisabled={isRunning}
            onChoose={(next) => {
              setKind(next);
              reset();
            }}
          />
          <input
            ref={choose}
            type="file"
            accept=".csv,text/csv"
            className="visually-hidden"
            tabIndex={-1}
            aria-label={t('import.file')}
            onChange={({ target }) => {
              setFile(target.files?.[0]);
              reset();
            }}
          />
          <Button onClick={() => choose.current?.click()} disabled={isRunning}>
            {file ? file.name : t('import.file')}
          </Button>
          <Button onClick={() => start(true)} disabled={!file || isRunning}>
            {t('import.try')}
          </Button>
          <Button type="primary" onClick={() => start(false)} disabled={!file || isRunning}>
            {t('import.action')}
          </Button>
          {isRunning && <Button onClick={stop}>{t('import.stop')}</Button>}
        </div>
        <p className="card-part">{t('import.help')}</p>
      </Card>
      {failure && <FailureNotice title={t('import.failed')} failure={failure} />}
      {report && <ImportReport report={report} />}
    </div>
  );
}

function KindChoice({
  kind,
  isDisabled,
  onChoose,
}: {
  kind: Kind;
  isDisabled: boolean;
  onChoose: (kind: Kind) => void;
}) {
  const { t } = useTranslation('directory');
  const options = kinds.map((value) => ({ value, label: t(`import.kind.${value}`) }));
  return (
    <>
      <Segmented className="directory-wide" value={kind} options={options} onChange={onChoose} disabled={isDisabled} />
      <Select
        className="directory-narrow"
        aria-label={t('import.title')}
        value={kind}
        options={options}
        onChange={onChoose}
        disabled={isDisabled}
      />
    </>
  );
}

function useImport(kind: Kind, file: File | undefined) {
  const client = useQueryClient();
  const [report, setReport] = useState<Report>();
  const [failure, setFailure] = useState<Error>();
  const running = useRef<AbortController>(undefined);
  const reset = () => {
    setReport(undefined);
    setFailure(undefined);
  };
  const start = async (isDryRun: boolean) => {
    if (!file) return;
    const controller = new AbortController();
    running.current = controller;
    setFailure(undefined);
    setReport({ isDryRun, isRunning: true, counts: {}, refused: [], problem: undefined });
    const take = (rows: ImportedRow[]) => setReport((before) => before && addRows(before, rows));
    try {
      await sendFile({ kind, file, isDryRun, signal: controller.signal }, take);
    } catch (error) {
      if (!controller.signal.aborted) setFailure(error as Error);
    }
    setReport((before) => before && { ...before, isRunning: false });
    if (!isDryRun) await client.invalidateQueries({ queryKey: ['directory'] });
  };
  return {
    report,
    failure,
    reset,
    start: (isDryRun: boolean) => void start(isDryRun),
    stop: () => running.current?.abort(),
  };
}
