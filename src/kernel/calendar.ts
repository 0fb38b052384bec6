/** The proleptic Gregorian calendar, in whole days. */

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar (after H. Hinnant, days_from_civil). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = ((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0;
  return era * 146097 + yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear + day - 719469;
}

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const MONTH_DAYS = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** Days of a month; month 0 stands for the whole year (the day is then a day of the year). */
export function daysIn(year: number, month: number): number {
  if (month === 0) return isLeapYear(year) ? 366 : 365;
  return month === 2 && isLeapYear(year) ? 29 : MONTH_DAYS[month];
}

/** The year that two digits mean: 1970–2069, as POSIX strptime's pivot (69–99: 1969–1999), one year later. */
export const fullYear = (twoDigits: number): number => (twoDigits < 70 ? 2000 : 1900) + twoDigits;

/** The day of the week of a day since 1970, 0 for Monday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
