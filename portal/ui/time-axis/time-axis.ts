import type { Language } from '../../settings/language.ts';
import { formatDate, formatDayOfYear } from '../date-time/date-time.ts';

/** A line of time drawn from left to right, in pixels. */
export interface TimeAxis {
  from: number;
  to: number;
  left: number;
  right: number;
}

export interface Tick {
  at: number;
  label: string;
}

const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120];
const monthMs = 30.44 * 86_400_000;

export function placeOn({ from, to, left, right }: TimeAxis, at: number): number {
  return left + ((at - from) / (to - from)) * (right - left);
}

/** First days of months or years, at most as many as find room; the year is named where it begins. */
export function ticksOf({ from, to, left, right }: TimeAxis, language: Language, spacing = 88): Tick[] {
  const room = Math.max(1, Math.floor((right - left) / spacing));
  const months = (to - from) / monthMs;
  const step = monthSteps.find((candidate) => months / candidate <= room) ?? 120;
  const start = new Date(from);
  const cursor = new Date(start.getFullYear(), 0, 1);
  const ticks: Tick[] = [];
  while (cursor.getTime() <= to) {
    if (cursor.getTime() >= from)
      ticks.push({ at: cursor.getTime(), label: tickLabel(cursor, ticks.length === 0 || step >= 12, language) });
    cursor.setMonth(cursor.getMonth() + step);
  }
  return ticks;
}

/** A moment on an axis that has room for little: a month, or the year where it begins. */
export function formatTick(at: Date, language: Language): string {
  const year = String(at.getFullYear());
  return formatDate(at.getMonth() === 0 ? year : `${year}-${at.getMonth() + 1}`, language);
}

function tickLabel(date: Date, isYearNamed: boolean, language: Language): string {
  const month = `${date.getFullYear()}-${date.getMonth() + 1}`;
  if (date.getMonth() === 0 && isYearNamed) return formatDate(String(date.getFullYear()), language);
  return isYearNamed || date.getMonth() === 0 ? formatDate(month, language) : formatDayOfYear(month, language);
}
