import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import type { ImportedRow } from './directory.resource.ts';

export interface Report {
  isDryRun: boolean;
  isRunning: boolean;
  counts: Record<string, number>;
  /** Rows that were refused, so many as a page can hold; the count says how many there are. */
  refused: ImportedRow[];
  problem: string | undefined;
}

const fates = ['created', 'stored', 'updated', 'unchanged', 'refused'] as const;

/** What became of the rows; those that were refused with what to do. */
export function ImportReport({ report }: { report: Report }) {
  const { t } = useTranslation('directory');
  const { counts, refused, isDryRun, isRunning, problem } = report;
  const shown = fates.filter((fate) => counts[fate] !== undefined);
  const text = shown.map((fate) => t(`import.fate.${fate}`, { count: counts[fate] ?? 0 })).join(t('import.between'));
  return (
    <Card title={isDryRun ? t('import.wouldBe') : t('import.was')} meta={isRunning ? t('import.running') : undefined}>
      <p className="directory-drop figures" aria-live="polite">
        {text === '' && !isRunning ? t('import.noRows') : text}
      </p>
      {problem !== undefined && <p className="directory-drop directory-warning">{t('import.broken', { problem })}</p>}
      {refused.length > 0 && (
        <div className="directory-report">
          <table className="directory-table">
            <thead>
              <tr>
                <th scope="col">{t('import.line')}</th>
                <th scope="col">{t('import.what')}</th>
                <th scope="col">{t('import.why')}</th>
              </tr>
            </thead>
            <tbody>
              {refused.map((row) => (
                <tr key={row.line}>
                  <td className="figures">{row.line}</td>
                  <td>{row.key}</td>
                  <td>
                    {row.problem}
                    {row.problems?.map(({ column, text: why }) => (
                      <p key={column + why}>
                        {column !== '' && <span className="medium">{column}: </span>}
                        {why}
                      </p>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(counts.refused ?? 0) > refused.length && (
        <p className="card-part">{t('import.more', { shown: refused.length, all: counts.refused })}</p>
      )}
    </Card>
  );
}
