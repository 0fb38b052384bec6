import { BROKEN, type Memory, MULTILINE, UNDATED } from '../core/memory.ts';
import type { CsvPlan } from '../core/stages.ts';
import { markEnd, mayBeMark } from '../kernel/byte-order-mark.ts';
import { dialectOf, RowScanner, UNCLOSED, UNFINISHED } from '../kernel/csv-scan.ts';
import { FieldValue, QUOTED_LIMIT } from './csv-field.ts';
import { isSpacedTable } from './csv-glance.ts';
import { recogniseDelimited, timeColumnTexts } from './csv-recognition.ts';
import type { InputFormat } from './format.ts';
import { type CountingFramer, CR, type FramerContext, HASH, isBlank, LF, RowWriter } from './framer.ts';
import { JoinedStamp } from './joined-stamp.ts';
import { KernelTable } from './kernel-table.ts';

/**
 * The kernel frames the rows that are what they should be; those at which it stops are scanned here.
 *
 * One row of delimited text a record, quoted line ends included. A row with more or fewer columns than the plan is
 * broken, but keeps the instant of its time column if that can be read.
 *
 * A quote is taken for a stray one where it stays open for QUOTED_LIMIT, or to the end; where text stands behind the
 * quote that closes it lines below; and where the row does not fit, but the line below the quote's would. Then the
 * record ends with the quote's line, is broken, and the next line begins anew.
 */
class CsvFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #writer: RowWriter;
  readonly #table: KernelTable;
  readonly #scanner: RowScanner;
  /** Looks at lines inside a row. */
  readonly #probe: RowScanner;
  readonly #plan: CsvPlan;
  readonly #value = new FieldValue();
  readonly #joined: JoinedStamp;
  /** The header as it is written, to know it again. */
  readonly #header: Uint8Array;
  #commentsAhead: number;
  #headerAhead: boolean;
  /** Whether the row at hand was begun, and not found to end. */
  #open = false;
  /** Whether a stray quote ends the row at hand with its line; the newlines before that quote. */
  #stray = false;
  #newlinesBeforeStray = 0;
  /** From the row's start, behind a stray quote or in a comment: where to go on looking for its end. */
  #searched = 0;

  constructor(plan: CsvPlan, context: FramerContext) {
    const watched = plan.zoneColumn === undefined ? plan.timeColumns : [...plan.timeColumns, plan.zoneColumn];
    this.#memory = context.memory;
    this.line = context.line ?? 0;
    this.#writer = new RowWriter(context);
    this.#scanner = new RowScanner(dialectOf(plan), watched, QUOTED_LIMIT);
    this.#probe = new RowScanner(dialectOf(plan), [], QUOTED_LIMIT);
    this.#joined = new JoinedStamp(context.memory, context.stamper);
    this.#header = new Uint8Array(Buffer.from(plan.headerText.split('\n').slice(plan.commentLines).join('\n')));
    this.#table = new KernelTable(plan, this.#header, context, this.#writer);
    this.#commentsAhead = plan.commentLines;
    this.#plan = plan;
    this.#headerAhead = plan.header;
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  remember(): undefined {}

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.rows = 0;
    this.consumed = from;
    this.#table.enter();
    while (this.rows < rowLimit && this.consumed < to) {
      if (this.#isBetweenRows && !this.#table.frame(this, to, last, firstRow, rowLimit)) return;
      if (!last && mayBeMark(this.#memory.bytes, this.consumed, to)) return;
      this.consumed = markEnd(this.#memory.bytes, this.consumed, to);
      const start = this.consumed;
      const end = this.#rowEnd(start, to, last);
      this.#open = end === UNFINISHED;
      if (this.#open) return;
      this.#take(firstRow + this.rows, start, end);
      this.#scanner.reset();
      this.#stray = false;
      this.#searched = 0;
      this.consumed = Math.min(end + 1, to);
    }
  }

  /** Whether what follows is a row from its beginning. */
  get #isBetweenRows(): boolean {
    return !this.#open && !this.#headerAhead && this.#commentsAhead === 0;
  }

  #rowEnd(start: number, to: number, last: boolean): number {
    if (!this.#stray && !this.#isComment(start)) {
      const end = this.#scan(start, to, last);
      if (!this.#stray) return end;
    }
    const found = this.#memory.buffer.subarray(start + this.#searched, to).indexOf(LF);
    if (found >= 0) return start + this.#searched + found;
    this.#searched = to - start;
    return last ? to : UNFINISHED;
  }

  /** Comments have no quotes: those before the header are counted, those below it known by their mark. */
  #isComment(start: number): boolean {
    return this.#commentsAhead > 0 || (this.#plan.commentsBelow && this.#memory.bytes[start] === HASH);
  }

  #scan(start: number, to: number, last: boolean): number {
    const scanner = this.#scanner;
    let end = scanner.scan(this.#memory.bytes, start, to);
    if (end === UNFINISHED && last) end = scanner.finish(start, to);
    if (end === UNCLOSED) this.#strayAt(scanner.quoteAt, scanner.newlinesBeforeQuote);
    else if (end !== UNFINISHED && scanner.spanAt >= 0 && this.#swallows(start, end)) {
      this.#strayAt(scanner.spanAt, scanner.newlinesBeforeSpan);
    }
    return end;
  }

  #strayAt(quote: number, newlinesBefore: number): void {
    this.#stray = true;
    this.#searched = quote;
    this.#newlinesBeforeStray = newlinesBefore;
  }

  /** Whether a row of several lines does not fit, but the line below its first quote over several lines does. */
  #swallows(start: number, end: number): boolean {
    const { length } = this.#plan.columns;
    if (this.#scanner.columns === length) return false;
    const row = this.#memory.buffer.subarray(start, end);
    const line = row.indexOf(LF, this.#scanner.spanAt) + 1;
    const found = row.indexOf(LF, line);
    const lineEnd = found < 0 ? end : start + found;
    this.#probe.reset();
    if (this.#probe.scan(this.#memory.bytes, start + line, lineEnd) === UNFINISHED)
      this.#probe.finish(start + line, lineEnd);
    return this.#probe.columns === length;
  }

  /** Makes a record of the row, unless it is a header, a comment before the first one, or blank. */
  #take(row: number, start: number, end: number): void {
    const newlines = this.#stray ? this.#newlinesBeforeStray : this.#scanner.newlines;
    const isEmpty = isBlank(this.#memory.bytes, start, end);
    if (isEmpty || this.#headerAhead || this.#isComment(start) || this.#isHeader(start, end)) {
      this.framingLines += newlines + 1;
      if (!isEmpty && this.#commentsAhead > 0) this.#commentsAhead--;
      else if (!isEmpty) this.#headerAhead = false;
    } else {
      this.#record(row, start, end, newlines > 0 ? MULTILINE : 0);
      this.rows++;
    }
    this.line += newlines + 1;
  }

  /** Whether the header stands here again, as in files that were put together. */
  #isHeader(start: number, end: number): boolean {
    const { bytes } = this.#memory;
    const header = this.#header;
    let length = end - start;
    while (length > header.length && bytes[start + length - 1] === CR) length--;
    if (length !== header.length || length === 0) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== header[i]) return false;
    return true;
  }

  #record(row: number, start: number, end: number, multiline: number): void {
    const { columns } = this.#scanner;
    const { length } = this.#plan.columns;
    const fits = columns === length && !this.#stray;
    const dated = this.#date(start, end);
    if (dated) this.#writer.date();
    if (!fits || !dated) this.#warn(columns);
    const flags = multiline | (fits ? 0 : BROKEN) | (dated ? 0 : UNDATED);
    const { at } = this.#joined;
    this.#writer.write(row, start, end, this.line + 1, flags, at, dated ? this.#joined.length : 0);
  }

  /** Reads the time of the row [start, stop); every column of it but the zone's must say something. */
  #date(start: number, stop: number): boolean {
    const { starts, ends } = this.#scanner;
    const needed = this.#plan.timeColumns.length;
    const value = this.#value;
    this.#joined.clear();
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i];
      if (end < 0 || start + end > stop)
        value.clear(); // not there, or behind a stray quote
      else value.set(this.#memory.bytes, start + starts[i], start + end);
      if (value.end > value.start) this.#joined.add(value.start, value.end);
      else if (i < needed) return false;
    }
    return this.#joined.read(start);
  }

  #warn(columns: number): void {
    const line = this.line + 1;
    const { length } = this.#plan.columns;
    if (this.#stray) {
      const quoteLine = line + this.#newlinesBeforeStray;
      this.#writer.warn(quoteLine, 'unclosed quote', 'kept as text');
    } else if (columns !== length) {
      this.#writer.warn(line, `${columns} columns where ${length} are expected`, 'kept as text');
    } else {
      const names = this.#plan.timeColumns.map((column) => `"${this.#plan.columns[column]}"`);
      const where = `column${names.length > 1 ? 's' : ''} ${names.join(' and ')}`;
      this.#writer.warn(line, `no time in ${where}`, 'kept behind the record before it');
    }
  }
}

export const CSV: InputFormat<CsvPlan> = {
  name: 'csv',
  extensions: ['.csv'],
  createFramer: (plan, context) => new CsvFramer(plan, context),
  recognise: (asked) =>
    recogniseDelimited(asked, 'csv', [',', ';', '|']) ??
    (asked.claim === 'none' && isSpacedTable(asked.sample) ? recogniseDelimited(asked, 'csv', [' ']) : undefined),
  timeTexts: timeColumnTexts,
};

export const TSV: InputFormat<CsvPlan> = {
  ...CSV,
  name: 'tsv',
  extensions: ['.tsv', '.tab'],
  recognise: (asked) => recogniseDelimited(asked, 'tsv', ['\t']),
};
