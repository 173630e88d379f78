import type { ReactNode } from 'react';
import './states.css';

/** Nothing to show on a page or in a list: says so, and what to do next. */
export function Empty({ title, text, children }: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg
        width="56"
        height="40"
        viewBox="0 0 56 40"
        fill="none"
        stroke="var(--accent-text)"
        strokeWidth="1.4"
        aria-hidden="true"
      >
        <path d="M4 10h15M4 30h15M37 10h15M37 30h15" stroke="var(--line-strong)" />
        <path d="M28 2v13m0 10v13" />
        <circle cx="28" cy="20" r="5" />
      </svg>
      <p className="empty-title">{title}</p>
      {text && <p className="empty-text">{text}</p>}
      {children && <div className="empty-actions">{children}</div>}
    </div>
  );
}

/** Nothing to show in a small panel: one quiet sentence. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="nothing">{children}</p>;
}
