import type { Language } from '../../settings/language.ts';

/** How a FHIR date, dateTime or instant is written: never with more precision than it has. https://hl7.org/fhir/R4/datatypes.html#dateTime */

interface CalendarDate {
  year: number;
  month: number | undefined;
  day: number | undefined;
}

const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date stays the date that was written; a time with an offset is told as the clock on the wall showed it, UTC as here. */
export function toCalendarDate(value: string): CalendarDate {
  if (value.endsWith('Z')) {
    const local = new Date(value);
    return { year: local.getFullYear(), month: local.getMonth() + 1, day: local.getDate() };
  }
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  return { year: year ?? 0, month, day };
}

/** 14 Mar 1958, Mar 1958, 1958; 1958年3月14日, 1958年3月, 1958年. */
export function formatDate(value: string, language: Language): string {
  const { year, month, day } = toCalendarDate(value);
  if (language === 'zh-CN') {
    return `${year}年${month === undefined ? '' : `${month}月`}${day === undefined ? '' : `${day}日`}`;
  }
  const monthName = month === undefined ? undefined : englishMonths[month - 1];
  return [day, monthName, year].filter((part) => part !== undefined).join(' ');
}

/** Month and year only, for what is long past. */
export function formatMonth(value: string, language: Language): string {
  const { year, month } = toCalendarDate(value);
  return formatDate(month === undefined ? `${year}` : `${year}-${month}`, language);
}

/** Day and month, for what stands under the heading of its year. */
export function formatDayOfYear(value: string, language: Language): string {
  const { month, day } = toCalendarDate(value);
  if (month === undefined) return '';
  const monthName = language === 'zh-CN' ? `${month}月` : englishMonths[month - 1];
  if (day === undefined) return monthName ?? '';
  return language === 'zh-CN' ? `${monthName}${day}日` : `${day} ${monthName}`;
}

export function formatTime(instant: Date, withSeconds = false): string {
  const pad = (part: number) => part.toString().padStart(2, '0');
  const parts = [instant.getHours(), instant.getMinutes(), ...(withSeconds ? [instant.getSeconds()] : [])];
  return parts.map(pad).join(':');
}

/** The time of day of a dateTime that has one, on the same clock as its date. */
export function formatTimeOf(value: string): string | undefined {
  if (value.endsWith('Z')) return formatTime(new Date(value));
  return /T(\d\d:\d\d)/.exec(value)?.[1];
}

/** For comparing and drawing: partial dates count from their first day, in local time. */
export function toTimestamp(value: string): number {
  if (value.includes('T')) return Date.parse(value);
  const { year, month = 1, day = 1 } = toCalendarDate(value);
  return new Date(year, month - 1, day).getTime();
}

export interface Age {
  unit: 'years' | 'months' | 'days';
  count: number;
}

/** Years; months below two years and days below one month, as children's clinics count. */
export function ageOn(birthDate: string, on: Date): Age {
  const { year, month = 1, day = 1 } = toCalendarDate(birthDate);
  const dayNotReached = on.getDate() < day ? 1 : 0;
  const months = (on.getFullYear() - year) * 12 + on.getMonth() + 1 - month - dayNotReached;
  if (months >= 24) return { unit: 'years', count: Math.floor(months / 12) };
  if (months >= 1) return { unit: 'months', count: months };
  const days = Math.floor((on.getTime() - new Date(year, month - 1, day).getTime()) / 86_400_000);
  return { unit: 'days', count: Math.max(0, days) };
}

/** The FHIR date of an instant, here. */
export function localDate(instant: Date): string {
  const pad = (part: number) => part.toString().padStart(2, '0');
  return `${instant.getFullYear()}-${pad(instant.getMonth() + 1)}-${pad(instant.getDate())}`;
}
