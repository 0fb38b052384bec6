import type { CsvPlan, RateStamps } from '../core/stages.ts';
import { commentsEnd, unmarked } from './csv-comments.ts';
import { columnValues, fieldValues, type SampleRow, sampleRows } from './csv-field.ts';
import { areColumnNames, mayHaveHeader } from './csv-glance.ts';
import { columnNames, parseFields } from './csv-header.ts';
import type { Asked, Claim } from './format.ts';
import { type SampleView, spread } from './sample.ts';
import { noTimeField, speaksOfTime, timeNameRank, unknownTimeField } from './time-names.ts';
import { findDateAndTime, mayHaveParts, type SampledFields, type TimeParts, zoneBeside } from './time-parts.ts';

const KIND = 'column';

/** The share of rows that must have as many columns as the first one. */
const FITTING_NEEDED: Record<Claim, number> = { demanded: 0, named: 0.5, none: 0.9 };

/** Rows that are looked at for times; fewer where rows are so wide that looking would take longer than reading. */
const LOOKED_AT = 100;
const LOOKED_AT_BYTES = 4 * 1024 * 1024;

/** Share of stamps among the values of a column with a telling name, and of any other. */
const TELLING_ENOUGH = 0.5;
const OTHER_ENOUGH = 0.8;

/** A sample cut into rows by one delimiter. */
interface Table {
  delimiter: string;
  rows: SampleRow[];
  /** Columns of the first row. */
  width: number;
  /** The rows with as many columns, the first one included, and their share. */
  fitting: SampleRow[];
  share: number;
}

/** Takes a source for delimited text where rows agree in their columns, a header names them, and one holds the time. */
export function recogniseDelimited(
  asked: Asked,
  format: CsvPlan['format'],
  delimiters: readonly string[],
): CsvPlan | undefined {
  const { claim, where, sample } = asked;
  if (claim === 'none' && !mayHaveHeader(sample, delimiters)) return undefined;
  const table = bestTable(sample, delimiters);
  const first = table.rows[0];
  if (first === undefined) return withoutRows(asked, format, table.delimiter);
  if (table.share < FITTING_NEEDED[claim] || (claim !== 'demanded' && table.width < 2)) return undefined;
  const head = headOf(table, sample.pieces[0] as Uint8Array, asked.rate);
  const names = columnNames(head.header ? head.fields : head.fields.map(() => ''));
  const data = table.fitting.slice(head.inRows ? 1 : 0);
  if (claim === 'none' && !isPlainlyATable(head.fields, head.header, data)) return undefined;
  const { timeField } = asked;
  const named = namedColumn(timeField, names);
  const found =
    named === undefined ? findTime(names, data, table.delimiter, asked) : { fields: [named], zone: undefined };
  if (found === undefined && claim === 'none') return undefined;
  if (timeField !== undefined && named === undefined) throw unknownTimeField(where, KIND, timeField, names);
  if (found === undefined && data.length > 0) throw noTimeField(where, KIND, names);
  const { header, headerText, commentLines } = head;
  const times = { timeColumns: found?.fields ?? [0], zoneColumn: found?.zone };
  return { format, delimiter: table.delimiter, columns: names, header, headerText, commentLines, ...times };
}

/** What stands above the rows of a table, if anything does. */
interface Head extends Pick<CsvPlan, 'header' | 'headerText' | 'commentLines'> {
  /** The header's fields, or those of the first row. */
  fields: string[];
  /** Whether the header is the first row; one marked as a comment is not. */
  inRows: boolean;
}

/** A header may be the first row, or the last of the comments before it. */
function headOf({ rows, delimiter, width }: Table, piece: Uint8Array, rate: RateStamps): Head {
  const comments = textOf(piece.subarray(0, commentsEnd(piece)))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const first = textOf((rows[0] as SampleRow).bytes);
  const fields = parseFields(first, delimiter);
  const head = (lines: string[]): Pick<CsvPlan, 'headerText' | 'commentLines'> => ({
    headerText: lines.join('\n').replace(/\r+$/, ''),
    commentLines: lines.length - 1,
  });
  if (isHeader(fields, rate)) return { fields, inRows: true, header: true, ...head([...comments, first]) };
  const marked = parseFields(comments.at(-1) ?? '', delimiter);
  const name = marked.length === width ? unmarked(marked[0] as string) : undefined;
  if (name !== undefined) return { fields: marked.with(0, name), inRows: false, header: true, ...head(comments) };
  return { fields, inRows: false, header: false, headerText: '', commentLines: 0 };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** An empty source needs no time; where even the first row is too long for the sample, the plan cannot be made. */
function withoutRows(
  { claim, where, sample, timeField }: Asked,
  format: CsvPlan['format'],
  delimiter: string,
): CsvPlan | undefined {
  if (claim === 'none') return undefined;
  if (sample.cutLine === undefined) {
    return {
      format,
      delimiter,
      columns: [],
      header: true,
      headerText: '',
      commentLines: 0,
      timeColumns: [0],
      zoneColumn: undefined,
    };
  }
  if (claim === 'named') return undefined;
  throw noTimeField(where, KIND, timeField === undefined ? [] : [timeField]);
}

/** The sample by the delimiter on which most rows agree; of equal ones, that with more columns. */
function bestTable(sample: SampleView, delimiters: readonly string[]): Table {
  const tables = delimiters.map((delimiter) => tableOf(sample, delimiter));
  const rank = ({ width, share }: Table): number => (width < 2 ? 0 : share + width * 1e-6);
  return tables.reduce((best, table) => (rank(table) > rank(best) ? table : best));
}

function tableOf(sample: SampleView, delimiter: string): Table {
  const rows = sample.pieces.flatMap((piece, i) => sampleRows(withoutComments(piece, i), delimiter));
  const width = rows[0]?.columns ?? 0;
  const fitting = rows.filter((row) => row.columns === width);
  return { delimiter, rows, width, fitting, share: fitting.length / rows.length };
}

/** A piece without the comments that stand before everything. */
const withoutComments = (piece: Uint8Array, index: number, most?: number): Uint8Array =>
  index === 0 ? piece.subarray(commentsEnd(piece, most)) : piece;

const isNumber = (field: string): boolean => field.trim() !== '' && Number.isFinite(Number(field));

/** A header holds no stamp, and something besides numbers. */
function isHeader(fields: readonly string[], rate: RateStamps): boolean {
  if (fields.every((field) => isNumber(field) || field.trim() === '')) return false;
  return fields.every((field) => field.trim() === '' || rate([Buffer.from(field.trim())]) < 0.5);
}

/**
 * Whether it needs no name ending to see a table: a header of different names, and rows below it. A log line in whose
 * stamp a comma stands before the fraction (Python) gives two columns as well, the second beginning `123 `.
 */
function isPlainlyATable(fields: readonly string[], header: boolean, data: readonly SampleRow[]): boolean {
  if (!header || data.length === 0) return false;
  if (!areColumnNames(fields)) return false;
  const fractions = data.filter(({ bytes }) =>
    COMMA_FRACTION.test(Buffer.from(bytes.subarray(0, 80)).toString('latin1')),
  );
  return fractions.length * 2 < data.length;
}

const COMMA_FRACTION = /^[^,]*\d\d:\d\d:\d\d,\d{3}[ \]|:-]/;

/** The column that the user means: a name before a number, which counts from 1. */
function namedColumn(timeField: string | undefined, names: readonly string[]): number | undefined {
  if (timeField === undefined) return undefined;
  const index = names.indexOf(timeField);
  if (index >= 0) return index;
  const number = /^\d+$/.test(timeField) ? Number(timeField) : 0;
  return number >= 1 && number <= names.length ? number - 1 : undefined;
}

/** Where the time stands: in a date and a time, or in one column, with the column of its zone if there is one. */
function findTime(
  names: readonly string[],
  data: readonly SampleRow[],
  delimiter: string,
  { rate, zoneGiven }: Asked,
): TimeParts | undefined {
  const rows = rowsToTry(data);
  const records = mayHaveParts(names) ? fieldsOf(rows, names, delimiter) : [];
  const parts = records.length === 0 ? undefined : findDateAndTime(names, records, rate, zoneGiven);
  if (parts !== undefined) return parts;
  const column = findColumn(names, rows, delimiter, rate);
  if (column === undefined) return undefined;
  const zone = records.length === 0 ? undefined : zoneBeside([column], names, records, rate, zoneGiven);
  return { fields: [column], zone };
}

const fieldsOf = (rows: readonly SampleRow[], names: readonly string[], delimiter: string): SampledFields => {
  const all = names.map((_, column) => column);
  return fieldValues(rows, delimiter, all).map((row) => row.map((value) => value && Buffer.from(value).toString()));
};

/** The column that holds the time: a telling name first, then one that speaks of time, then any; without rows, a telling name. */
function findColumn(names: readonly string[], rows: readonly SampleRow[], delimiter: string, rate: RateStamps) {
  const values = (column: number): Uint8Array[] => columnValues(rows, delimiter, column);
  const share = (column: number): number => (rate(values(column)) * values(column).length) / rows.length;
  const columns = names.map((_, index) => index);
  const rank = (column: number): number => timeNameRank(names[column] as string);
  const telling = columns.filter((column) => rank(column) < Number.POSITIVE_INFINITY).sort((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return telling[0];
  return (
    telling.find((column) => share(column) >= TELLING_ENOUGH) ??
    columns.find((column) => speaksOfTime(names[column] as string) && share(column) >= OTHER_ENOUGH) ??
    columns.find((column) => share(column) >= OTHER_ENOUGH) ??
    telling.find((column) => rate(values(column)) >= TELLING_ENOUGH)
  );
}

function rowsToTry(data: readonly SampleRow[]): SampleRow[] {
  const widest = data.reduce((most, { bytes, columns }) => Math.max(most, bytes.length * columns), 1);
  return spread(data, Math.max(5, Math.min(LOOKED_AT, Math.floor(LOOKED_AT_BYTES / widest))));
}

/** The texts of the time in the rows that fit the header. */
export function timeColumnTexts(sample: SampleView, plan: CsvPlan, most: number): Uint8Array[] {
  const { timeColumns, zoneColumn, header, commentLines } = plan;
  const above = header ? 1 : 0;
  const rows = sample.pieces.flatMap((piece, i) =>
    sampleRows(withoutComments(piece, i, commentLines), plan.delimiter).slice(i === 0 ? above : 0),
  );
  const fitting = rows.filter(({ columns }) => columns === plan.columns.length);
  const watched = zoneColumn === undefined ? timeColumns : [...timeColumns, zoneColumn];
  return fieldValues(spread(fitting, most), plan.delimiter, watched).flatMap((values) => {
    if (values.slice(0, timeColumns.length).includes(undefined)) return [];
    return [joined(values.filter((value) => value !== undefined))];
  });
}

/** Parts with blanks between them. */
const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1
    ? (parts[0] as Uint8Array)
    : new Uint8Array(Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(' '), part]))));
