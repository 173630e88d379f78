/**
 * Dates and times as FHIR writes them, which must exist in the calendar.
 * https://hl7.org/fhir/R4/datatypes.html#date
 */

/** `1985`, `1985-04` or `1985-04-12`. */
export const isDate = (text: string): boolean => isDateUntil(text, text.length);

/** A date, or a day with a time to the second and a zone: `1985-04-12T23:20:50.5+08:00`. */
export const isDateTime = (text: string): boolean => (text.length <= 10 ? isDate(text) : isInstant(text));

/** A day with a time to the second and a zone. Second 60 stands for a leap second. */
export function isInstant(text: string): boolean {
  return isDateUntil(text, 10) && text.charCodeAt(10) === 0x54 && isZone(text, endOfTime(text, 11));
}

/** `23:20:50.5`, without a zone. */
export const isTime = (text: string): boolean => text.length > 0 && endOfTime(text, 0) === text.length;

const hyphen = 0x2d;
const colon = 0x3a;

/** Two digits as a number, -1 when they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const units = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : -1;
}

function isDateUntil(text: string, end: number): boolean {
  if (text.length < end || (end !== 10 && end !== 7 && end !== 4)) return false;
  const century = pair(text, 0);
  const yearOfCentury = pair(text, 2);
  if (century < 0 || yearOfCentury < 0 || century + yearOfCentury === 0) return false;
  if (end === 4) return true;
  const month = pair(text, 5);
  if (text.charCodeAt(4) !== hyphen || month < 1 || month > 12) return false;
  if (end === 7) return true;
  const day = pair(text, 8);
  return text.charCodeAt(7) === hyphen && day >= 1 && day <= daysIn(century * 100 + yearOfCentury, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Where the time that starts here ends; beyond the text when it is none. */
function endOfTime(text: string, at: number): number {
  const none = text.length + 1;
  const hour = pair(text, at);
  const minute = pair(text, at + 3);
  const second = pair(text, at + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return none;
  if (text.charCodeAt(at + 2) !== colon || text.charCodeAt(at + 5) !== colon) return none;
  let end = at + 8;
  if (text.charCodeAt(end) !== 0x2e) return end;
  do end++;
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39);
  return end > at + 9 ? end : none;
}

function isZone(text: string, at: number): boolean {
  const sign = text.charCodeAt(at);
  if (sign === 0x5a) return text.length === at + 1;
  if ((sign !== 0x2b && sign !== hyphen) || text.length !== at + 6 || text.charCodeAt(at + 3) !== colon) return false;
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  return hours >= 0 && minutes >= 0 && minutes <= 59 && (hours <= 13 || (hours === 14 && minutes === 0));
}
