import type { CsvPlan, RateStamps } from '../core/stages.ts';
import { exchangeFields, linesEnd, namedSeparator, unmarked, zeekFields } from './csv-comments.ts';
import { fieldValues, type SampleRow, sampleRows } from './csv-field.ts';
import { areColumnNames, mayHaveHeader } from './csv-glance.ts';
import { columnNames, parseFields, type Written } from './csv-header.ts';
import { bestTable, commentsOf, linesOf, type Table, tableStart } from './csv-table.ts';
import { findTime, TELLING_ENOUGH } from './csv-time.ts';
import type { Asked, Claim } from './format.ts';
import { type SampleView, spread } from './sample.ts';
import { namedTime, noTimeField, unknownTimeField, WORTHS } from './time-names.ts';
import type { TimeParts } from './time-parts.ts';

const KIND = 'column';

/** The share of rows that must have as many columns as the first one. */
const FITTING_NEEDED: Record<Claim, number> = { demanded: 0, named: 0.5, none: 0.9 };

/** Takes a source for delimited text where rows agree in their columns, a header names them, and one holds the time. */
export function recogniseDelimited(
  asked: Asked,
  format: CsvPlan['format'],
  delimiters: readonly string[],
): CsvPlan | undefined {
  return recogniseTable(asked, format, delimiters) ?? recogniseBelow(asked, format, delimiters);
}

/** A table that other lines stand above, where the name promises one: they are passed over as comments are. */
function recogniseBelow(asked: Asked, format: CsvPlan['format'], delimiters: readonly string[]): CsvPlan | undefined {
  const { claim, sample, delimiter } = asked;
  const start = claim === 'none' ? 0 : tableStart(sample, delimiter === undefined ? delimiters : [delimiter]);
  if (start === 0) return undefined;
  const [piece, ...others] = sample.pieces as [Uint8Array, ...Uint8Array[]];
  const below = { pieces: [piece.subarray(start), ...others], cutLine: undefined };
  const plan = recogniseTable({ ...asked, sample: below }, format, delimiters);
  if (plan === undefined) return undefined;
  const above = linesOf(piece.subarray(0, start));
  const headerText = plan.header ? [...above, plan.headerText].join('\n') : '';
  return { ...plan, headerText, commentLines: above.length + plan.commentLines };
}

function recogniseTable(asked: Asked, format: CsvPlan['format'], delimiters: readonly string[]): CsvPlan | undefined {
  const { claim, where, sample } = asked;
  const said = asked.delimiter ?? separatorOf(sample);
  if (claim === 'none' && said === undefined && !mayHaveHeader(sample, delimiters)) return undefined;
  if (said !== undefined && (said === '\t') !== (format === 'tsv') && claim === 'none') return undefined;
  const table = bestTable(sample, said === undefined ? delimiters : [said]);
  const first = table.rows[0];
  if (first === undefined) return withoutRows(asked, format, table);
  if (table.share < FITTING_NEEDED[claim] || (claim !== 'demanded' && table.width < 2)) return undefined;
  const head = headOf(table, asked);
  const unnamed = Array.from({ length: table.width - head.fields.length }, () => '');
  const names = columnNames([...head.fields.map((field) => (head.header ? field : '')), ...unnamed]);
  const data = table.fitting.slice(head.inRows ? 1 : 0).filter(({ columns }) => columns === table.width);
  if (claim === 'none' && said === undefined && !isPlainlyATable(head, data)) return undefined;
  const { timeField } = asked;
  const named = timeField === undefined ? undefined : namedColumns(timeField, names);
  const found = named?.time ?? findTime(names, data, table, asked);
  if (found === undefined && claim === 'none') return undefined;
  if (named?.missing !== undefined) throw unknownTimeField(where, KIND, named.missing, names);
  if (found === undefined && data.length > 0) throw noTimeField(where, KIND, names);
  const { header, headerText, headerEnd, commentLines, commentsBelow } = head;
  const { delimiter, quotes } = table;
  const times = { timeColumns: found?.fields ?? [0], zoneColumn: found?.zone };
  const above = { header, headerText, headerEnd, commentLines, commentsBelow };
  return { format, delimiter, quotes, columns: names, ...above, ...times };
}

const separatorOf = ({ pieces }: SampleView): string | undefined => pieces[0] && namedSeparator(pieces[0]);

type Above = Pick<CsvPlan, 'headerText' | 'headerEnd' | 'commentLines' | 'commentsBelow'>;

/** What stands above the rows of a table, if anything does. */
interface Head extends Above {
  header: boolean;
  /** The header's fields, or those of the first row. */
  fields: string[];
  /** Whether the header is the first row; one marked as a comment is not. */
  inRows: boolean;
}

/** A header may be the first row, or the last of the comments before it, or one that names itself (`#fields`). */
function headOf(table: Table, { sample, rate, headerless }: Asked): Head {
  const { width } = table;
  const comments = commentsOf(sample);
  const first = textOf(table.rows[0].bytes);
  const fields = parseFields(first, table);
  const head = (lines: string[]): Above => ({
    headerText: lines.join('\n').replace(/\r+$/, ''),
    headerEnd: lines.at(-1)?.endsWith('\r') ? '\r' : '',
    commentLines: lines.length - 1,
    commentsBelow: false,
  });
  const named = zeekFields(comments, table.delimiter) ?? exchangeFields(comments, table.delimiter);
  if (named?.length === width) {
    return { fields: named, inRows: false, header: true, ...head(comments), commentsBelow: true };
  }
  if (!headerless && isHeader(fields, rate)) {
    return { fields, inRows: true, header: true, ...head([...comments, first]) };
  }
  const marked = parseFields(comments.at(-1) ?? '', table);
  const name = marked.length === width && !headerless ? unmarked(marked[0]) : undefined;
  if (name !== undefined) return { fields: marked.with(0, name), inRows: false, header: true, ...head(comments) };
  return { fields, inRows: false, header: false, ...headless(comments) };
}

/** What stands above rows without a header: comments, which are no rows either. */
const headless = (comments: readonly string[]): Above => ({
  headerText: '',
  headerEnd: '',
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
      headerEnd: '',
      commentLines: 0,
      commentsBelow: false,
      timeColumns: [0],
      zoneColumn: undefined,
    };
  }
  if (claim === 'named') return undefined;
  throw noTimeField(where, KIND, timeField === undefined ? [] : [timeField]);
}

const isNumber = (field: string): boolean => field.trim() !== '' && Number.isFinite(Number(field));

/** A header holds no stamp, and something besides numbers. */
function isHeader(fields: readonly string[], rate: RateStamps): boolean {
  if (fields.every((field) => isNumber(field) || field.trim() === '')) return false;
  const share = (text: string): number => rate([Buffer.from(text)]);
  const isName = (field: string): boolean => share(field) < TELLING_ENOUGH * Math.min(...WORTHS);
  const names = fields.map((field) => field.trim()).filter((field) => field !== '');
  return names.every(isName) && !firstWords(names[0] ?? '').some((text) => share(text) > WORTHS[1]);
}

/** A line of a log begins with a stamp, of a few words with more digits than a name has. */
function firstWords(text: string): string[] {
  const words = text.split(' ', MOST_WORDS);
  return words
    .map((_, i) => words.slice(0, i + 1).join(' '))
    .filter((begin) => begin !== text && (begin.match(/\d/g)?.length ?? 0) >= STAMP_DIGITS);
}

const MOST_WORDS = 5;
const STAMP_DIGITS = 8;

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

/** The columns that the user means, or the first name that none has. */
function namedColumns(timeField: string, names: readonly string[]): { time?: TimeParts; missing?: string | undefined } {
  const { fields, zone } = namedTime(timeField, (name) => names.includes(name));
  const all = zone === undefined ? fields : [...fields, zone];
  const columns = all.map((name) => namedColumn(name, names)).filter((column) => column !== undefined);
  if (columns.length < all.length) return { missing: all.find((name) => namedColumn(name, names) === undefined) };
  return { time: { fields: columns.slice(0, fields.length), zone: columns[fields.length] } };
}

/** A name before a number, which counts from 1. */
function namedColumn(name: string, names: readonly string[]): number | undefined {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const number = /^\d+$/.test(name) ? Number(name) : 0;
  return number >= 1 && number <= names.length ? number - 1 : undefined;
}

/** The texts of the time in the rows that fit the header. */
export function timeColumnTexts(sample: SampleView, plan: CsvPlan, most: number): Uint8Array[] {
  const { timeColumns, zoneColumn, header, commentLines } = plan;
  const above = header ? 1 : 0;
  const rows = sample.pieces.flatMap((piece, i) =>
    sampleRows(i === 0 ? piece.subarray(linesEnd(piece, commentLines)) : piece, plan).slice(i === 0 ? above : 0),
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
    ? parts[0]
    : new Uint8Array(Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(' '), part]))));
