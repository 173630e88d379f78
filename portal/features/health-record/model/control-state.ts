import { toTimestamp } from '../../../ui/date-time/date-time.ts';
import targets from '../targets.json' with { type: 'json' };
import { bandOf, flagIn, isAbout, type Measurement } from './measurement.ts';
import type { Problem } from './problem.ts';

/** How a long-term disease stands by the last value that speaks of it. */
export type ControlState = 'controlled' | 'above-goal' | 'not-measured';

export interface Control {
  state: ControlState;
  /** The measurement by which it was judged. */
  code: string;
  withinMonths: number;
}

/** Undefined where the region has no rule for the disease. A value that is too old says nothing. */
export function controlOf(problem: Problem, measurements: readonly Measurement[], now: Date): Control | undefined {
  const rule = targets.control.find(({ conditions }) => problem.icd && isAbout([problem.icd], conditions));
  if (rule === undefined) return undefined;
  const { measurement: code, withinMonths } = rule;
  const measurement = measurements.find((candidate) => candidate.code === code);
  const oldest = new Date(now);
  oldest.setMonth(oldest.getMonth() - withinMonths);
  if (measurement === undefined || toTimestamp(measurement.latest.at) < oldest.getTime()) {
    return { state: 'not-measured', code, withinMonths };
  }
  const isMissed = flagIn(measurement.latest, bandOf(measurement, [problem.icd ?? ''])) !== undefined;
  return { state: isMissed ? 'above-goal' : 'controlled', code, withinMonths };
}
