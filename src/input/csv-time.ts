import type { RateStamps } from '../core/stages.ts';
import { columnValues, fieldValues, type SampleRow } from './csv-field.ts';
import type { Written } from './csv-header.ts';
import { isFuller, isInUtc, isLocal, mayBeInUtc, SEVERAL, saysUtc, standsStill } from './finer.ts';
import type { Asked } from './format.ts';
import { areInOrderOfChange } from './order.ts';
import { spread } from './sample.ts';
import {
  isMoment,
  speaksOfBeginning,
  speaksOfChange,
  speaksOfOther,
  speaksOfTime,
  timeNameRank,
  WORTHS,
} from './time-names.ts';
import { findDateAndTime, mayHaveParts, type SampledFields, share, type TimeParts, zoneBeside } from './time-parts.ts';

/** Rows that are looked at for times; fewer where rows are so wide that looking would take longer than reading. */
const LOOKED_AT = 100;
const LOOKED_AT_BYTES = 4 * 1024 * 1024;

/** Share of stamps among the values of a column with a telling name, and of any other. */
export const TELLING_ENOUGH = 0.5;
const OTHER_ENOUGH = 0.8;

/** Share of rows that must have a time at least, where no column has one in most of them. */
const DATED_AT_LEAST = 0.1;

/** Where the time stands: in a date and a time, or in one column, with the column of its zone if there is one. */
export function findTime(
  names: readonly string[],
  data: readonly SampleRow[],
  written: Written,
  { rate, zoneGiven }: Asked,
): TimeParts | undefined {
  const rows = rowsToTry(data);
  const records = mayHaveParts(names) ? fieldsOf(rows, names, written) : [];
  const parts = records.length === 0 ? undefined : findDateAndTime(names, records, rate, zoneGiven);
  if (parts !== undefined) return parts;
  const found = findColumn(names, rows, written, rate);
  if (found === undefined) return undefined;
  const column = zoneGiven ? found : (fullerColumn(found, names, rows, written) ?? found);
  const time = timeOfDay(column, names, rows, written, rate);
  const fields = time === undefined ? [column] : [column, time];
  return { fields, zone: records.length === 0 ? undefined : zoneBeside(fields, names, records, rate, zoneGiven) };
}

/** The column that says the same instants as one without a zone, and in which zone. */
function fullerColumn(column: number, names: readonly string[], rows: readonly SampleRow[], written: Written) {
  const texts = columnValues(rows, written, column);
  if (!texts.every(isLocal)) return undefined;
  const shown = fieldValues(rows.slice(0, 1), written, [...names.keys()])[0] ?? [];
  const isLikely = (name: string): boolean =>
    speaksOfTime(name) || timeNameRank(name) < Number.POSITIVE_INFINITY || texts.length >= SEVERAL;
  const found = names.findIndex((name, other) => {
    // The first row shows which are worth reading all rows of: tables may have thousands of columns.
    const first = shown[other];
    if (other === column || (texts.length > 0 && first === undefined)) return false;
    const may = (one: typeof isFuller, all: typeof isFuller): boolean =>
      one(texts.slice(0, 1), first === undefined ? [] : [first]) && all(texts, columnValues(rows, written, other));
    return (isLikely(name) && may(isFuller, isFuller)) || (saysUtc(name) && may(mayBeInUtc, isInUtc));
  });
  return found < 0 ? undefined : found;
}

const TIME_OF_DAY = /^\d{1,2}[:.]\d\d([:.]\d\d([.,]\d{1,9})?)?( ?[AaPp]\.?[Mm]\.?)?$/;

/** The column that holds the times of day of a column of dates, whatever the two are called (`Datum`, `Uhrzeit`): the nearest one. */
function timeOfDay(
  date: number,
  names: readonly string[],
  rows: readonly SampleRow[],
  written: Written,
  rate: RateStamps,
) {
  if (rows.length === 0 || rate(columnValues(rows, written, date)) >= OTHER_ENOUGH) return undefined;
  const [first] = rows.slice(-1);
  const shown = fieldsOf(first === undefined ? [] : [first], names, written)[0] ?? [];
  const likely = names.flatMap((_, column) => (TIME_OF_DAY.test(shown[column] ?? '') ? [column] : []));
  const nearest = likely.sort((a, b) => Math.abs(a - date) - Math.abs(b - date));
  return nearest.find((column) => {
    const pairs = fieldValues(rows, written, [date, column]).map((row) =>
      row.map((value) => value && Buffer.from(value).toString()),
    );
    return share(pairs, [0, 1], rate) >= OTHER_ENOUGH;
  });
}

const fieldsOf = (rows: readonly SampleRow[], names: readonly string[], written: Written): SampledFields => {
  const all = names.map((_, column) => column);
  return fieldValues(rows, written, all).map((row) => row.map((value) => value && Buffer.from(value).toString()));
};

/** The column that holds the time: a telling name first, then one that speaks of time, then any; without rows, a telling name. */
function findColumn(names: readonly string[], rows: readonly SampleRow[], written: Written, rate: RateStamps) {
  const values = (column: number): Uint8Array[] => columnValues(rows, written, column);
  const shareOf = (column: number): number => (rate(values(column)) * values(column).length) / rows.length;
  const columns = names.map((_, index) => index);
  const rank = (column: number): number => timeNameRank(names[column]);
  const telling = columns.filter((column) => rank(column) < Number.POSITIVE_INFINITY).sort((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return telling[0];
  const speaking = columns.filter((column) => speaksOfTime(names[column]));
  const own = speaking.filter((column) => !speaksOfOther(names[column]));
  for (const worth of WORTHS) {
    const enough = (column: number): boolean => shareOf(column) >= OTHER_ENOUGH * worth;
    const isStill = (column: number): boolean => standsStill(values(column));
    const moves = (column: number): boolean => enough(column) && !isStill(column);
    const named = telling.find((column) => shareOf(column) >= TELLING_ENOUGH * worth);
    const beside = named !== undefined && !isMoment(names[named]) && isStill(named);
    const isChange = (column: number): boolean => {
      const changed = values(column);
      if (!speaksOfChange(names[column]) || changed.length !== rows.length || !enough(column)) return false;
      return areInOrderOfChange(values(named as number), changed);
    };
    const found =
      (named !== undefined && speaksOfBeginning(names[named]) ? columns.find(isChange) : undefined) ??
      (beside ? own.find((column) => moves(column) && !speaksOfBeginning(names[column])) : undefined) ??
      named ??
      own.find(moves) ??
      [...own, ...speaking].find(enough) ??
      columns.find(moves) ??
      columns.find(enough);
    if (found !== undefined) return found;
  }
  const some = (column: number, enough: number): boolean =>
    rate(values(column)) >= enough * Math.min(...WORTHS) && values(column).length >= rows.length * DATED_AT_LEAST;
  return (
    telling.find((column) => rate(values(column)) >= TELLING_ENOUGH * Math.min(...WORTHS)) ??
    [...own, ...speaking, ...columns].find((column) => some(column, OTHER_ENOUGH)) ??
    own.find((column) => some(column, DATED_AT_LEAST))
  );
}

function rowsToTry(data: readonly SampleRow[]): SampleRow[] {
  const widest = data.reduce((most, { bytes, columns }) => Math.max(most, bytes.length * columns), 1);
  return spread(data, Math.max(5, Math.min(LOOKED_AT, Math.floor(LOOKED_AT_BYTES / widest))));
}
