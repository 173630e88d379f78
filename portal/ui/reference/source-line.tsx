import type { Reference } from 'fhir/r4.js';
import type { ReactNode } from 'react';
import { language } from '../../settings/language.ts';
import { formatDate } from '../date-time/date-time.ts';
import { ReferenceName } from './reference.tsx';
import './source-line.css';

/** Date and source, which stand beside every value. */
export function SourceLine({ date, source, children }: { date?: string; source?: Reference; children?: ReactNode }) {
  const locale = language.use();
  return (
    <span className="source-line figures">
      {children}
      {date && <span className="whole">{formatDate(date, locale)}</span>}
      {(source?.display || source?.reference) && <ReferenceName reference={source} />}
    </span>
  );
}
