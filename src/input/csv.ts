import { BROKEN, type Memory, MULTILINE, UNDATED } from '../core/memory.ts';
import type { CsvPlan, Stamper } from '../core/stages.ts';
import { RowScanner, UNCLOSED, UNFINISHED } from '../kernel/csv-scan.ts';
import { FieldValue, QUOTED_LIMIT } from './csv-field.ts';
import { recogniseDelimited, timeColumnTexts } from './csv-recognition.ts';
import type { InputFormat } from './format.ts';
import { type CountingFramer, type FramerContext, isBlank, LF, RowWriter } from './framer.ts';

/**
 * One row of delimited text a record, quoted line ends included. A row with more or fewer columns than the plan is
 * broken, but keeps the instant of its time column if that can be read. A quote that stays open for QUOTED_LIMIT, or to
 * the end, is taken for a stray one: the record ends with the quote's line, is broken, and the next line begins anew.
 */
class CsvFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #memory: Memory;
  readonly #stamper: Stamper;
  readonly #writer: RowWriter;
  readonly #scanner: RowScanner;
  readonly #plan: CsvPlan;
  readonly #time = new FieldValue();
  #headerAhead: boolean;
  #unclosed = false;
  /** From the row's start, in an unclosed row: where to go on looking for its end. */
  #searched = 0;

  constructor(plan: CsvPlan, context: FramerContext) {
    this.#memory = context.memory;
    this.#stamper = context.stamper;
    this.#writer = new RowWriter(context);
    this.#scanner = new RowScanner(plan.delimiter.charCodeAt(0), plan.timeColumn, QUOTED_LIMIT);
    this.#plan = plan;
    this.#headerAhead = plan.header;
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    let start = from;
    this.rows = 0;
    while (this.rows < rowLimit && start < to) {
      const end = this.#rowEnd(start, to, last);
      if (end === UNFINISHED) break;
      this.#take(firstRow + this.rows, start, end);
      this.#scanner.reset();
      this.#unclosed = false;
      start = Math.min(end + 1, to);
    }
    this.consumed = start;
  }

  #rowEnd(start: number, to: number, last: boolean): number {
    if (!this.#unclosed) {
      let end = this.#scanner.scan(this.#memory.bytes, start, to);
      if (end === UNFINISHED && last) end = this.#scanner.finish(start, to);
      if (end !== UNCLOSED) return end;
      this.#unclosed = true;
      this.#searched = this.#scanner.quoteAt;
    }
    const found = this.#memory.buffer.subarray(start + this.#searched, to).indexOf(LF);
    if (found >= 0) return start + this.#searched + found;
    this.#searched = to - start;
    return last ? to : UNFINISHED;
  }

  /** Makes a record of the row, unless it is the header or blank. */
  #take(row: number, start: number, end: number): void {
    const newlines = this.#unclosed ? this.#scanner.newlinesBeforeQuote : this.#scanner.newlines;
    const isFraming = isBlank(this.#memory.bytes, start, end);
    if (isFraming || this.#headerAhead) {
      this.framingLines += newlines + 1;
      this.#headerAhead &&= isFraming;
    } else {
      this.#record(row, start, end, newlines > 0 ? MULTILINE : 0);
      this.rows++;
    }
    this.line += newlines + 1;
  }

  #record(row: number, start: number, end: number, multiline: number): void {
    const { columns, watchedStart, watchedEnd } = this.#scanner;
    const { length } = this.#plan.columns;
    const fits = columns === length && !this.#unclosed;
    const time = this.#time;
    if (watchedEnd < 0) time.clear();
    else time.set(this.#memory.bytes, start + watchedStart, start + watchedEnd);
    const dated = time.end > time.start && this.#stamper.read(time.start, time.end);
    if (dated) this.#writer.date();
    if (!fits || !dated) this.#warn(columns);
    const flags = multiline | (fits ? 0 : BROKEN) | (dated ? 0 : UNDATED);
    const stampLength = dated ? this.#stamper.length : 0;
    this.#writer.write(row, start, end, this.line + 1, flags, this.#stamper.at, stampLength);
  }

  #warn(columns: number): void {
    const line = this.line + 1;
    const { length } = this.#plan.columns;
    if (this.#unclosed) {
      const quoteLine = line + this.#scanner.newlinesBeforeQuote;
      this.#writer.warn(quoteLine, 'unclosed quote', 'kept as text');
    } else if (columns !== length) {
      this.#writer.warn(line, `${columns} columns where ${length} are expected`, 'kept as text');
    } else {
      const column = this.#plan.columns[this.#plan.timeColumn];
      this.#writer.warn(line, `no time in column "${column}"`, 'kept behind the record before it');
    }
  }
}

export const CSV: InputFormat<CsvPlan> = {
  name: 'csv',
  extensions: ['.csv'],
  createFramer: (plan, context) => new CsvFramer(plan, context),
  recognise: (asked) => recogniseDelimited(asked, 'csv', [',', ';', '|']),
  timeTexts: timeColumnTexts,
};

export const TSV: InputFormat<CsvPlan> = {
  ...CSV,
  name: 'tsv',
  extensions: ['.tsv', '.tab'],
  recognise: (asked) => recogniseDelimited(asked, 'tsv', ['\t']),
};
