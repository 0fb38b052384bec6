import type { StampStyle } from '../kernel/stamp-writer.ts';
import type { Palette } from './palette.ts';

/** How records are written: resolved once, in the plan. Each format heeds what has a meaning for it. */
export interface WriterSettings extends StampStyle {
  /** text: the instant before each line, in place of the record's own stamp, or neither instant nor label. */
  stamp: 'prefix' | 'replace' | 'none';
  /** Whether the label of the source is written. */
  withSource: boolean;
  /** Whether the line on which the record starts is written. */
  lineNumbers: boolean;
  /** csv, tsv, ndjson: whether records that came late are marked. */
  marksLate?: boolean | undefined;
  /** csv, tsv: the columns to write, names of CSV columns or dotted paths of JSON members; left out: all CSV columns. */
  columns?: readonly string[] | undefined;
  /** csv, tsv: the columns that earlier runs began the output with, where there were any. */
  union?: readonly string[] | undefined;
  /** text: the colours of labels. */
  palette: Palette;
  /** text: whether a terminal shows it, which must not obey what stands in a log. */
  terminal: boolean;
}
