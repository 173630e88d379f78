import type { ReactNode } from 'react';
import './entry.css';

interface EntryProps {
  title: ReactNode;
  /** Date, source and whatever else belongs under the title. */
  detail?: ReactNode;
  /** At the right: a severity, a value. */
  side?: ReactNode;
}

/** One row of a card: what it is, what must be known about it, how it stands. */
export function Entry({ title, detail, side }: EntryProps) {
  return (
    <li className="entry">
      <div className="entry-words">
        <p className="entry-title">{title}</p>
        {detail && <p className="entry-detail">{detail}</p>}
      </div>
      {side && <div className="entry-side">{side}</div>}
    </li>
  );
}
