import type { ReactNode } from 'react';
import './card.css';

interface CardProps {
  title: ReactNode;
  /** What stands at the right of the title: freshness, a count, a switch. */
  meta?: ReactNode;
  children: ReactNode;
  className?: string;
  id?: string;
}

export function Card({ title, meta, children, className = '', id }: CardProps) {
  return (
    <section className={`card ${className}`} id={id}>
      <header className="card-head">
        <h2 className="card-title">{title}</h2>
        {meta && <span className="card-meta">{meta}</span>}
      </header>
      {children}
    </section>
  );
}
