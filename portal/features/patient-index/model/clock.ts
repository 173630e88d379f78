/** How a deadline stands: days over it, or days that are left, rounded to what a clerk plans by. */
export interface Clock {
  readonly isOver: boolean;
  readonly unit: 'days' | 'hours';
  readonly count: number;
}

const hourMs = 3_600_000;

export function clockOf(dueAt: string, nowMs: number): Clock {
  const left = Date.parse(dueAt) - nowMs;
  const hours = Math.abs(left) / hourMs;
  return hours < 24
    ? { isOver: left < 0, unit: 'hours', count: Math.max(1, Math.floor(hours)) }
    : { isOver: left < 0, unit: 'days', count: Math.floor(hours / 24) };
}
