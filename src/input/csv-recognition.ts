import type { CsvPlan, RateStamps } from '../core/stages.ts';
import { commentsEnd, namedSeparator, unmarked, zeekFields } from './csv-comments.ts';
import { columnValues, fieldValues, type SampleRow, sampleRows } from './csv-field.ts';
import { areColumnNames, mayHaveHeader } from './csv-glance.ts';
import { columnNames, parseFields, type Written } from './csv-header.ts';
import type { Asked, Claim } from './format.ts';
import { HASH } from './framer.ts';
import { type SampleView, spread } from './sample.ts';
import { noTimeField, speaksOfOther, speaksOfTime, timeNameRank, unknownTimeField, WORTHS } from './time-names.ts';
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

/** A sample cut into rows in one way. */
interface Table extends Written {
  rows: SampleRow[];
  /** Closing quotes with text behind them. */
  torn: number;
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
  const said = asked.delimiter ?? separatorOf(sample);
  if (claim === 'none' && said === undefined && !mayHaveHeader(sample, delimiters)) return undefined;
  if (said !== undefined && (said === '\t') !== (format === 'tsv') && claim === 'none') return undefined;
  const table = bestTable(sample, said === undefined ? delimiters : [said]);
  const first = table.rows[0];
  if (first === undefined) return withoutRows(asked, format, table);
  if (table.share < FITTING_NEEDED[claim] || (claim !== 'demanded' && table.width < 2)) return undefined;
  const head = headOf(table, asked);
  const names = columnNames(head.header ? head.fields : head.fields.map(() => ''));
  const data = table.fitting.slice(head.inRows ? 1 : 0);
  if (claim === 'none' && said === undefined && !isPlainlyATable(head, data)) return undefined;
  const { timeField } = asked;
  const named = namedColumn(timeField, names);
  const found = named === undefined ? findTime(names, data, table, asked) : { fields: [named], zone: undefined };
  if (found === undefined && claim === 'none') return undefined;
  if (timeField !== undefined && named === undefined) throw unknownTimeField(where, KIND, timeField, names);
  if (found === undefined && data.length > 0) throw noTimeField(where, KIND, names);
  const { header, headerText, commentLines, commentsBelow } = head;
  const { delimiter, quotes } = table;
  const times = { timeColumns: found?.fields ?? [0], zoneColumn: found?.zone };
  return { format, delimiter, quotes, columns: names, header, headerText, commentLines, commentsBelow, ...times };
}

const separatorOf = ({ pieces }: SampleView): string | undefined => pieces[0] && namedSeparator(pieces[0]);

/** What stands above the rows of a table, if anything does. */
interface Head extends Pick<CsvPlan, 'header' | 'headerText' | 'commentLines' | 'commentsBelow'> {
  /** The header's fields, or those of the first row. */
  fields: string[];
  /** Whether the header is the first row; one marked as a comment is not. */
  inRows: boolean;
}

/** A header may be the first row, or the last of the comments before it, or one that names itself (`#fields`). */
function headOf(table: Table, { sample, rate, headerless }: Asked): Head {
  const { width } = table;
  const comments = commentsOf(sample);
  const first = textOf((table.rows[0] as SampleRow).bytes);
  const fields = parseFields(first, table);
  const head = (lines: string[]): Pick<CsvPlan, 'headerText' | 'commentLines' | 'commentsBelow'> => ({
    headerText: lines.join('\n').replace(/\r+$/, ''),
    commentLines: lines.length - 1,
    commentsBelow: false,
  });
  const zeek = zeekFields(comments, table.delimiter);
  if (zeek?.length === width) {
    return { fields: zeek, inRows: false, header: true, ...head(comments), commentsBelow: true };
  }
  if (!headerless && isHeader(fields, rate)) {
    return { fields, inRows: true, header: true, ...head([...comments, first]) };
  }
  const marked = parseFields(comments.at(-1) ?? '', table);
  const name = marked.length === width && !headerless ? unmarked(marked[0] as string) : undefined;
  if (name !== undefined) return { fields: marked.with(0, name), inRows: false, header: true, ...head(comments) };
  return { fields, inRows: false, header: false, ...headless(comments) };
}

/** What stands above rows without a header: comments, which are no rows either. */
const headless = (comments: readonly string[]): Pick<CsvPlan, 'headerText' | 'commentLines' | 'commentsBelow'> => ({
  headerText: '',
  commentLines: comments.length,
  commentsBelow: false,
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** An empty source needs no time; where even the first row is too long for the sample, the plan cannot be made. */
function withoutRows(
  { claim, where, sample, timeField }: Asked,
  format: CsvPlan['format'],
  { delimiter, quotes }: Written,
): CsvPlan | undefined {
  if (claim === 'none') return undefined;
  if (sample.cutLine === undefined) {
    return {
      format,
      delimiter,
      quotes,
      columns: [],
      header: true,
      headerText: '',
      commentLines: 0,
      commentsBelow: false,
      timeColumns: [0],
      zoneColumn: undefined,
    };
  }
  if (claim === 'named') return undefined;
  throw noTimeField(where, KIND, timeField === undefined ? [] : [timeField]);
}

/** The sample by the delimiter on which most rows agree; of equal ones, that with more columns. */
function bestTable(sample: SampleView, delimiters: readonly string[]): Table {
  const tables = delimiters.map((delimiter) => quotedTable(sample, delimiter));
  const rank = ({ width, share }: Table): number => (width < 2 ? 0 : share + width * 1e-6);
  return tables.reduce((best, table) => (rank(table) > rank(best) ? table : best));
}

/**
 * The sample by the meaning of quotes that leaves least text behind closing ones: backslashes before them are tried only
 * where there is some. They mean nothing in Zeek's logs, and where no field is enclosed in them and more rows agree so.
 */
function quotedTable(sample: SampleView, delimiter: string): Table {
  if (zeekFields(commentsOf(sample), delimiter) !== undefined) {
    return tableOf(sample, { delimiter, quotes: 'none' }, ({ bytes }) => bytes[0] !== HASH);
  }
  const doubled = tableOf(sample, { delimiter, quotes: 'doubled' });
  if (doubled.torn === 0) return doubled;
  const escaped = tableOf(sample, { delimiter, quotes: 'backslash' });
  const best = escaped.torn < doubled.torn && escaped.share >= doubled.share ? escaped : doubled;
  const bare = tableOf(sample, { delimiter, quotes: 'none' });
  return bare.share > best.share && !hasQuotedFields(bare) ? bare : best;
}

function hasQuotedFields({ rows, delimiter }: Table): boolean {
  const isQuoted = (field: string): boolean => /^".+"\r*$/.test(field);
  return rows.some(({ bytes }) => textOf(bytes).split(delimiter).some(isQuoted));
}

/** The comments at the beginning of a sample. */
function commentsOf({ pieces: [piece] }: SampleView): string[] {
  if (piece === undefined) return [];
  return textOf(piece.subarray(0, commentsEnd(piece)))
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function tableOf(sample: SampleView, written: Written, isRow: (row: SampleRow) => boolean = () => true): Table {
  const seen = { torn: 0, stray: 0 };
  const rows = sample.pieces.flatMap((piece, i) => sampleRows(withoutComments(piece, i), written, seen)).filter(isRow);
  const width = rows[0]?.columns ?? 0;
  const fitting = rows.filter((row) => row.columns === width);
  const share = fitting.length / Math.max(1, rows.length + seen.stray);
  return { ...written, rows, width, fitting, share, torn: seen.torn };
}

/** A piece without the comments that stand before everything. */
const withoutComments = (piece: Uint8Array, index: number, most?: number): Uint8Array =>
  index === 0 ? piece.subarray(commentsEnd(piece, most)) : piece;

const isNumber = (field: string): boolean => field.trim() !== '' && Number.isFinite(Number(field));

/** A header holds no stamp, and something besides numbers. */
function isHeader(fields: readonly string[], rate: RateStamps): boolean {
  if (fields.every((field) => isNumber(field) || field.trim() === '')) return false;
  return fields.every(
    (field) => field.trim() === '' || rate([Buffer.from(field.trim())]) < TELLING_ENOUGH * Math.min(...WORTHS),
  );
}

/**
 * Whether it needs no name ending to see a table: a header of different names, and rows below it. A log line in whose
 * stamp a comma stands before the fraction (Python) gives two columns as well, the second beginning `123 `.
 */
function isPlainlyATable({ fields, header, commentsBelow }: Head, data: readonly SampleRow[]): boolean {
  if (!header || data.length === 0) return false;
  if (commentsBelow) return true;
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
  written: Written,
  { rate, zoneGiven }: Asked,
): TimeParts | undefined {
  const rows = rowsToTry(data);
  const records = mayHaveParts(names) ? fieldsOf(rows, names, written) : [];
  const parts = records.length === 0 ? undefined : findDateAndTime(names, records, rate, zoneGiven);
  if (parts !== undefined) return parts;
  const column = findColumn(names, rows, written, rate);
  if (column === undefined) return undefined;
  const zone = records.length === 0 ? undefined : zoneBeside([column], names, records, rate, zoneGiven);
  return { fields: [column], zone };
}

const fieldsOf = (rows: readonly SampleRow[], names: readonly string[], written: Written): SampledFields => {
  const all = names.map((_, column) => column);
  return fieldValues(rows, written, all).map((row) => row.map((value) => value && Buffer.from(value).toString()));
};

/** The column that holds the time: a telling name first, then one that speaks of time, then any; without rows, a telling name. */
function findColumn(names: readonly string[], rows: readonly SampleRow[], written: Written, rate: RateStamps) {
  const values = (column: number): Uint8Array[] => columnValues(rows, written, column);
  const share = (column: number): number => (rate(values(column)) * values(column).length) / rows.length;
  const columns = names.map((_, index) => index);
  const rank = (column: number): number => timeNameRank(names[column] as string);
  const telling = columns.filter((column) => rank(column) < Number.POSITIVE_INFINITY).sort((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return telling[0];
  const speaking = columns.filter((column) => speaksOfTime(names[column] as string));
  const own = speaking.filter((column) => !speaksOfOther(names[column] as string));
  for (const worth of WORTHS) {
    const enough = (column: number): boolean => share(column) >= OTHER_ENOUGH * worth;
    const found =
      telling.find((column) => share(column) >= TELLING_ENOUGH * worth) ??
      [...own, ...speaking, ...columns].find(enough);
    if (found !== undefined) return found;
  }
  return telling.find((column) => rate(values(column)) >= TELLING_ENOUGH * Math.min(...WORTHS));
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
    sampleRows(withoutComments(piece, i, commentLines), plan).slice(i === 0 ? above : 0),
  );
  const fitting = rows.filter(({ columns }) => columns === plan.columns.length);
  const watched = zoneColumn === undefined ? timeColumns : [...timeColumns, zoneColumn];
  return fieldValues(spread(fitting, most), plan, watched).flatMap((values) => {
    if (values.slice(0, timeColumns.length).includes(undefined)) return [];
    return [joined(values.filter((value) => value !== undefined))];
  });
}

/** Parts with blanks between them. */
const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1
    ? (parts[0] as Uint8Array)
    : new Uint8Array(Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(' '), part]))));
