import { commentsEnd, zeekFields } from './csv-comments.ts';
import { type SampleRow, sampleRows } from './csv-field.ts';
import { areColumnNames } from './csv-glance.ts';
import { parseFields, type Written } from './csv-header.ts';
import { HASH } from './framer.ts';
import type { SampleView } from './sample.ts';

/** A sample cut into rows in one way. */
export interface Table extends Written {
  rows: SampleRow[];
  /** Closing quotes with text behind them. */
  torn: number;
  /** Columns of the first row, or of the others where that is a header without names for the last. */
  width: number;
  /** The rows with as many columns, the first one included, and their share. */
  fitting: SampleRow[];
  share: number;
}

/** The sample by the delimiter on which most rows agree; of equal ones, that with more columns. */
export function bestTable(sample: SampleView, delimiters: readonly string[]): Table {
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
export function commentsOf({ pieces: [piece] }: SampleView): string[] {
  if (piece === undefined) return [];
  return linesOf(piece.subarray(0, commentsEnd(piece)));
}

/** Lines that are not blank. */
export const linesOf = (bytes: Uint8Array): string[] =>
  textOf(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '');

function tableOf(sample: SampleView, written: Written, isRow: (row: SampleRow) => boolean = () => true): Table {
  const seen = { torn: 0, stray: 0 };
  const rows = sample.pieces.flatMap((piece, i) => sampleRows(withoutComments(piece, i), written, seen)).filter(isRow);
  const width = widthOf(rows, written);
  const fitting = rows.filter((row, i) => row.columns === width || i === 0);
  const share = fitting.length / Math.max(1, rows.length + seen.stray);
  return { ...written, rows, width, fitting, share, torn: seen.torn };
}

/** Columns of the rows below the first one, where all have more than that has names: Event Viewer gives its last one, the message, none. */
function widthOf(rows: readonly SampleRow[], written: Written): number {
  const [first, second] = rows;
  const width = first?.columns ?? 0;
  if (first === undefined || second === undefined || width < 2 || second.columns <= width) return width;
  const others = rows.slice(1);
  const agree = others.filter(({ columns }) => columns === second.columns).length >= others.length * AGREEING;
  return agree && areColumnNames(parseFields(textOf(first.bytes), written)) ? second.columns : width;
}

/** A piece without the comments that stand before everything. */
const withoutComments = (piece: Uint8Array, index: number): Uint8Array =>
  index === 0 ? piece.subarray(commentsEnd(piece)) : piece;

/** Rows among which a table begins, and the share of the rows below that must be as wide as its first one. */
const ROWS_ABOVE = 50;
const AGREEING = 0.9;

/** Where the table of a sample begins that other lines stand above: a title, settings of an instrument. 0 where none do. */
export function tableStart({ pieces: [piece] }: SampleView, delimiters: readonly string[]): number {
  if (piece === undefined) return 0;
  for (const delimiter of delimiters) {
    const rows = sampleRows(piece, { delimiter, quotes: 'doubled' });
    const index = rows.findIndex((row, i) => i <= ROWS_ABOVE && isFirstOf(rows, row, i));
    if (index > 0) return rows[index].bytes.byteOffset - piece.byteOffset;
  }
  return 0;
}

function isFirstOf(rows: readonly SampleRow[], { columns }: SampleRow, index: number): boolean {
  const below = rows.slice(index);
  const alike = below.filter((row) => row.columns === columns).length;
  return columns > 1 && alike > 2 && alike >= below.length * AGREEING;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
