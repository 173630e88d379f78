import './severity.css';

export type SeverityLevel = 'critical' | 'abnormal' | 'caution' | 'stable' | 'unknown';

/** The shape of a level, for marks that stand without their own chip; colour never speaks alone. */
export function SeverityShape({ level, size = 13 }: { level: SeverityLevel; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {outlines[level]}
    </svg>
  );
}

const outlines = {
  critical: (
    <>
      <path fill="currentColor" d="M6.8 2.5h6.4l4.3 4.3v6.4l-4.3 4.3H6.8l-4.3-4.3V6.8l4.3-4.3Z" />
      <path stroke="var(--critical)" d="M10 6.2v4.6m0 3h.01" />
    </>
  ),
  abnormal: <path fill="currentColor" d="M10 3 18 16.8H2L10 3Z" />,
  caution: <path fill="currentColor" d="M10 2.2 17.8 10 10 17.8 2.2 10 10 2.2Z" />,
  stable: (
    <>
      <circle cx="10" cy="10" r="7.6" />
      <path d="m6.5 10.3 2.4 2.4 4.7-5" />
    </>
  ),
  unknown: <circle cx="10" cy="10" r="7.4" strokeDasharray="3 2.8" />,
} satisfies Record<SeverityLevel, React.ReactNode>;

/** A clinical severity: shape, word and colour together. */
export function Severity({ level, word }: { level: SeverityLevel; word: string }) {
  return (
    <span className={`severity severity-${level}`}>
      <SeverityShape level={level} />
      <span>{word}</span>
    </span>
  );
}
