import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './skeleton.css';

export function Bone({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className="bone" style={{ width, height }} />;
}

/** The geometry of a list before its content: `columns` are shares of the width, each row a little fainter. */
export function SkeletonRows({
  columns,
  rows,
  height = 40,
}: {
  columns: readonly number[];
  rows: number;
  height?: number;
}) {
  return (
    <Loading>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={`row-${row.toString()}`}
          className="skeleton-row"
          style={{
            gridTemplateColumns: columns.map((share) => `${share}fr`).join(' '),
            height,
            opacity: 1 - (row * 0.65) / rows,
          }}
        >
          {columns.map((share, column) => (
            <Bone key={`${column.toString()}-${share}`} width={`${58 + ((row * 23 + column * 31) % 34)}%`} />
          ))}
        </div>
      ))}
    </Loading>
  );
}

/** Wraps whatever stands in for content; after three seconds it says so in words. */
export function Loading({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation('ui');
  const isSlow = useIsSlow(3000);
  return (
    <div className="loading" aria-busy="true">
      <span className="visually-hidden" role="status">
        {t('loading.now')}
      </span>
      {children}
      {isSlow && <p className="loading-slow">{t('loading.slow')}</p>}
    </div>
  );
}

function useIsSlow(afterMs: number) {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return isSlow;
}
