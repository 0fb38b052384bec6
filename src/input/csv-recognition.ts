import type { CsvPlan, RateStamps } from '../core/stages.ts';
import { columnValues, type SampleRow, sampleRows } from './csv-field.ts';
import { columnNames, parseFields } from './csv-header.ts';
import type { Asked, Claim } from './format.ts';
import { type SampleView, spread } from './sample.ts';
import { noTimeField, speaksOfTime, timeNameRank, unknownTimeField } from './time-names.ts';

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
  const table = bestTable(sample, delimiters);
  const first = table.rows[0];
  if (first === undefined) return withoutRows(asked, format, table.delimiter);
  if (table.share < FITTING_NEEDED[claim] || (claim !== 'demanded' && table.width < 2)) return undefined;
  const fields = parseFields(Buffer.from(first.bytes).toString(), table.delimiter);
  const header = isHeader(fields, asked.rate);
  const names = columnNames(header ? fields : fields.map(() => ''));
  const data = table.fitting.slice(header ? 1 : 0);
  if (claim === 'none' && !isPlainlyATable(fields, header, data)) return undefined;
  const { timeField } = asked;
  const named = namedColumn(timeField, names);
  const found = named ?? findTime(names, data, table.delimiter, asked.rate);
  if (found === undefined && claim === 'none') return undefined;
  if (timeField !== undefined && named === undefined) throw unknownTimeField(where, KIND, timeField, names);
  if (found === undefined && data.length > 0) throw noTimeField(where, KIND, names);
  const headerText = header ? Buffer.from(first.bytes).toString().replace(/\r+$/, '') : '';
  return { format, delimiter: table.delimiter, columns: names, header, headerText, timeColumn: found ?? 0 };
}

/** An empty source needs no time; where even the first row is too long for the sample, the plan cannot be made. */
function withoutRows(
  { claim, where, sample, timeField }: Asked,
  format: CsvPlan['format'],
  delimiter: string,
): CsvPlan | undefined {
  if (claim === 'none') return undefined;
  if (sample.cutLine === undefined) {
    return { format, delimiter, columns: [], header: true, headerText: '', timeColumn: 0 };
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
  const rows = sample.pieces.flatMap((piece) => sampleRows(piece, delimiter));
  const width = rows[0]?.columns ?? 0;
  const fitting = rows.filter((row) => row.columns === width);
  return { delimiter, rows, width, fitting, share: fitting.length / rows.length };
}

const isNumber = (field: string): boolean => field.trim() !== '' && Number.isFinite(Number(field));

/** A header holds no stamp, and something besides numbers. */
function isHeader(fields: readonly string[], rate: RateStamps): boolean {
  if (fields.every((field) => isNumber(field) || field.trim() === '')) return false;
  return fields.every((field) => field.trim() === '' || rate([Buffer.from(field.trim())]) < 0.5);
}

/** A name has few words and is no comment. */
const COLUMN_NAME = /^(?!#)\S+( \S+){0,4}$/;

/**
 * Whether it needs no name ending to see a table: a header of different names, and rows below it. A log line in whose
 * stamp a comma stands before the fraction (Python) gives two columns as well, the second beginning `123 `.
 */
function isPlainlyATable(fields: readonly string[], header: boolean, data: readonly SampleRow[]): boolean {
  if (!header || data.length === 0) return false;
  const names = fields.map((field) => field.trim());
  if (new Set(names).size < names.length || !names.every((name) => COLUMN_NAME.test(name))) return false;
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

/** The column that holds the time: a telling name first, then one that speaks of time, then any; without rows, a telling name. */
function findTime(names: readonly string[], data: readonly SampleRow[], delimiter: string, rate: RateStamps) {
  const rows = rowsToTry(data);
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

/** The values of the time column in the rows that fit the header. */
export function timeColumnTexts(sample: SampleView, plan: CsvPlan, most: number): Uint8Array[] {
  const rows = sample.pieces.flatMap((piece, i) =>
    sampleRows(piece, plan.delimiter).slice(i === 0 && plan.header ? 1 : 0),
  );
  const fitting = rows.filter(({ columns }) => columns === plan.columns.length);
  return columnValues(spread(fitting, most), plan.delimiter, plan.timeColumn);
}
