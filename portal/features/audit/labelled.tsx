import { type ReactNode, useId } from 'react';

/** A label above its control, which takes the id. */
export function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="audit-label">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
