import { Failure } from '#lib/failure.ts';

/** Half-open, in microseconds since 1970 UTC. Whole seconds are exact to the year 9999, single microseconds to 2255. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

const second = 1_000_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const isoDate =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):(\d\d))?)?)?)?$/;

/** Days from 1970 to a date of the proleptic Gregorian calendar (Howard Hinnant's days_from_civil). */
function daysFromCivil(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The part of a range below the day: `match` is that of isoDate with an hour. */
function timeRange(match: RegExpExecArray, midnight: number, roundUp: boolean): DateRange | undefined {
  const [, , , , hours, minutes, seconds, fraction, sign, zoneHours, zoneMinutes] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 60) return undefined;
  if (Number(zoneHours ?? 0) > 14 || Number(zoneMinutes ?? 0) > 59) return undefined;
  const zone =
    sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(zoneHours) * hour + Number(zoneMinutes) * minute);
  const start = midnight + Number(hours) * hour + Number(minutes) * minute + Number(seconds ?? 0) * second - zone;
  if (seconds === undefined) return { low: start, high: start + minute };
  if (fraction === undefined) return { low: start, high: start + second };
  const low = start + Number(fraction.slice(0, 6).padEnd(6, '0'));
  const between = roundUp && /[1-9]/.test(fraction.slice(6));
  return { low: between ? low + 1 : low, high: low + 1 };
}

function parseRange(text: string, roundUp: boolean): DateRange | undefined {
  const match = isoDate.exec(text);
  if (match === null || match[1] === '0000') return undefined;
  const year = Number(match[1]);
  if (match[2] === undefined)
    return { low: daysFromCivil(year, 1, 1) * day, high: daysFromCivil(year + 1, 1, 1) * day };
  const month = Number(match[2]);
  if (month < 1 || month > 12) return undefined;
  const first = daysFromCivil(year, month, 1);
  if (match[3] === undefined) return { low: first * day, high: (first + daysInMonth(year, month)) * day };
  const dayOfMonth = Number(match[3]);
  if (dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return undefined;
  const midnight = (first + dayOfMonth - 1) * day;
  if (match[4] === undefined) return { low: midnight, high: midnight + day };
  return timeRange(match, midnight, roundUp);
}

/**
 * The time that a FHIR date, dateTime or instant covers, or undefined when the text is none. A fraction of a second is a
 * point of one microsecond; a time without zone is taken as UTC.
 */
export const dateRange = (text: string): DateRange | undefined => parseRange(text, false);

/**
 * The range of a date in a search, to compare with indexed ranges by
 * eq `low >= s.low and high <= s.high` · ne its opposite · lt `low < s.low` · gt `high > s.high` ·
 * le `low < s.low or high <= s.high` · ge `low >= s.low or high > s.high` · sa `low >= s.high` · eb `high <= s.low`.
 * An instant between two microseconds has `low = high`, the later of the two, so that nothing equals it; then
 * eb is `high < s.low or (high = s.low and low = s.low - 1)`: of what reaches up to it, only the point ends before it.
 */
export function searchDateBounds(text: string): DateRange {
  const range = parseRange(text.replace(' ', '+'), true);
  if (range === undefined) {
    throw new Failure(
      'value',
      `'${text}' is no date: write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.fff]][zone].`,
    );
  }
  return range;
}
