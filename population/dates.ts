/** Civil dates as whole days since 1970-01-01, in Shanghai's time (UTC+8 without summer time). */
export type Day = number;

export const daysPerYear = 365.2425;

const printed = new Map<Day, string>();

export function parseDay(date: string): Day {
  const day = Math.round(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000);
  if (Number.isNaN(day) || printDay(day) !== date.slice(0, 10))
    throw new RangeError(`Not a date: ${date}. Write it as 2026-11-25.`);
  return day;
}

export function printDay(day: Day): string {
  let text = printed.get(day);
  if (text === undefined) {
    text = new Date(day * 86_400_000).toISOString().slice(0, 10);
    printed.set(day, text);
  }
  return text;
}

/** The instant of a minute of a day, with the offset of China. */
export function printInstant(day: Day, minute: number): string {
  const whole = day + Math.floor(minute / 1440);
  const rest = minute % 1440;
  return `${printDay(whole)}T${twoDigits(Math.floor(rest / 60))}:${twoDigits(rest % 60)}:00+08:00`;
}

export function yearOf(day: Day): number {
  return Number(printDay(day).slice(0, 4));
}

export function monthOf(day: Day): number {
  return Number(printDay(day).slice(5, 7));
}

/** Calendar months are added; a day that the month lacks becomes the month's last. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * 86_400_000);
  const target = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(target / 12);
  const month = target - year * 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) / 86_400_000;
}

export function dayOf(year: number, month: number, date: number): Day {
  return Date.UTC(year, month - 1, date) / 86_400_000;
}

/** Completed years at a day. */
export function ageAt(birthDay: Day, day: Day): number {
  const birth = printDay(birthDay);
  const now = printDay(day);
  return Number(now.slice(0, 4)) - Number(birth.slice(0, 4)) - (now.slice(5) < birth.slice(5) ? 1 : 0);
}

/** The first working day (Monday to Friday) on or after a day. */
export function workday(day: Day): Day {
  const weekday = (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
  if (weekday === 6) return day + 2;
  return weekday === 0 ? day + 1 : day;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
