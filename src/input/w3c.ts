import { BROKEN, UNDATED } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { W3cPlan } from '../core/stages.ts';
import { markEnd, mayBeMark } from '../kernel/byte-order-mark.ts';
import { lineEnd } from '../kernel/line-end.ts';
import type { Asked, InputFormat } from './format.ts';
import { type CountingFramer, type FramerContext, HASH, isBlank, RowWriter } from './framer.ts';
import { JoinedStamp } from './joined-stamp.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';
import { dayOf, isDirective, namedFields, W3cFields, type W3cMemory } from './w3c-fields.ts';
import { GrowingLayouts } from './w3c-layouts.ts';

/** A line a record; directives and comments, which begin with `#`, and blank lines belong to none. */
class W3cFramer implements CountingFramer {
  rows = 0;
  consumed = 0;
  line = 0;
  framingLines = 0;
  readonly #bytes: Uint8Array;
  readonly #plan: W3cPlan;
  readonly #fields: W3cFields;
  readonly #joined: JoinedStamp;
  readonly #writer: RowWriter;
  /** Bytes of the unfinished line that hold no LF. */
  #searched = 0;

  constructor(plan: W3cPlan, context: FramerContext) {
    this.#bytes = context.memory.bytes;
    this.#plan = plan;
    this.#fields = new W3cFields(plan, context.memory.bytes);
    this.#joined = new JoinedStamp(context.memory, context.stamper);
    this.#writer = new RowWriter(context);
    this.line = context.line ?? 0;
    plan.layouts.begin(this.line, this.#fields.layout);
  }

  get broken(): number {
    return this.#writer.broken;
  }

  get undated(): number {
    return this.#writer.undated;
  }

  remember(): W3cMemory {
    return this.#fields.remember();
  }

  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void {
    this.rows = 0;
    this.consumed = from;
    while (this.rows < rowLimit && this.consumed < to) {
      const start = this.consumed;
      const end = lineEnd(this.#bytes, start + this.#searched, to);
      if (!last && (end === to || mayBeMark(this.#bytes, start, to))) {
        this.#searched = end === to ? to - start : 0;
        return;
      }
      this.#take(firstRow + this.rows, markEnd(this.#bytes, start, end), end, end < to);
      this.#searched = 0;
      this.consumed = Math.min(end + 1, to);
    }
  }

  #take(row: number, start: number, end: number, isEnded: boolean): void {
    this.line++;
    if (this.#bytes[start] === HASH && start < end) {
      this.framingLines++;
      if (this.#fields.direct(start, end)) this.#plan.layouts.begin(this.line, this.#fields.layout);
    } else if (isBlank(this.#bytes, start, end)) this.framingLines++;
    else {
      this.#record(row, start, end, isEnded);
      this.rows++;
    }
  }

  #record(row: number, start: number, end: number, isEnded: boolean): void {
    const fields = this.#fields;
    // A line that is still being written may show `07:00:5` of `07:00:51`: no instant is better than a wrong one.
    const dated = fields.take(start, end) && (isEnded || fields.timeEnd < end) && this.#date(start);
    if (dated) this.#writer.date();
    if (!fields.fits || !dated) this.#warn();
    const flags = (fields.fits ? 0 : BROKEN) | (dated ? 0 : UNDATED);
    this.#writer.write(row, start, end, this.line, flags, this.#joined.at, dated ? this.#joined.length : 0);
  }

  #date(record: number): boolean {
    const { dateStart, dateEnd, timeStart, timeEnd, dayBefore } = this.#fields;
    this.#joined.clear();
    if (dateEnd >= 0) this.#joined.add(dateStart, dateEnd);
    else if (dayBefore !== undefined) this.#joined.addText(dayBefore);
    this.#joined.add(timeStart, timeEnd);
    return this.#joined.read(record);
  }

  #warn(): void {
    const { fits } = this.#fields;
    const { length } = this.#fields.layout.columns;
    if (fits) this.#writer.warn(this.line, 'no date and time in its fields', 'kept behind the record before it');
    else this.#writer.warn(this.line, `not ${length} fields, as #Fields: names`, 'kept as text');
  }
}

/** Share of lines behind the first `#Fields:` that must hold a stamp. */
const ENOUGH = 0.5;

/** Lines among which the first `#Fields:` stands, and so many behind it tell the delimiter. */
const LINES_ABOVE = 20;
const LINES_BELOW = 100;

/** Takes a source whose beginning names its fields. */
function recogniseW3c(asked: Asked): W3cPlan | undefined {
  const plan = w3cPlan(asked);
  if (plan === undefined && asked.claim === 'demanded') throw noFields(asked.where);
  return plan;
}

function noFields(where: string): TsalignError {
  const what = 'no #Fields: line at its beginning names the date and the time of the lines behind it';
  return new TsalignError({ code: 'no-timestamp', where, what, hint: 'give another --input-format, or leave it out' });
}

function w3cPlan({ sample, rate, timeField }: Asked): W3cPlan | undefined {
  if (timeField !== undefined) return undefined;
  const lines = sampleLines(sample);
  const first = Array.from({ length: Math.min(LINES_ABOVE, lines.length) }, (_, i) => lines.at(i) as Uint8Array);
  const above = first.map((line) => Buffer.from(line).toString());
  const fields = above.map(namedFields).find((names) => names !== undefined);
  if (fields === undefined) return undefined;
  const records = [...lines].filter((line) => !isDirective(line));
  const day = above.map(dayOf).find((found) => found !== undefined) ?? '';
  const known: W3cMemory = { delimiter: delimiterOf(records.slice(0, LINES_BELOW), fields), fields, day };
  const { texts, columns } = follow(sample, known);
  if (texts.length === 0 || rate(texts) * texts.length < records.length * ENOUGH) return undefined;
  return { format: 'w3c', ...known, utc: isUtc(above, fields), columns, layouts: new GrowingLayouts() };
}

/** The format has its `date` and `time` in GMT (section 4.1); the firewall of Windows says that it does not. */
const isUtc = (above: readonly string[], fields: readonly string[]): boolean =>
  fields.includes('time') && !above.some((line) => /^#Time Format:\s*local/i.test(line));

/** A tab, where more lines have the fields that are named so. */
function delimiterOf(records: readonly Uint8Array[], fields: string[]): W3cPlan['delimiter'] {
  const fitting = (delimiter: W3cPlan['delimiter']): number =>
    records.filter((line) => {
      const found = new W3cFields({ delimiter, fields, day: '' }, line);
      found.take(0, line.length);
      return found.fits;
    }).length;
  return fitting('\t') > fitting(' ') ? '\t' : ' ';
}

/** What the lines of a sample show: the texts of their times, and the names of their other fields. */
function follow(sample: SampleView, known: W3cMemory): { texts: Uint8Array[]; columns: string[] } {
  const lines = [...sampleLines(sample)];
  const bytes = new Uint8Array(Buffer.concat(lines));
  const fields = new W3cFields(known, bytes);
  const columns = new Set<string>();
  const texts: Uint8Array[] = [];
  const note = ({ layout }: W3cFields): void => {
    for (const [i, name] of layout.columns.entries()) if (!layout.timeColumns.includes(i)) columns.add(name);
  };
  note(fields);
  let start = 0;
  for (const line of lines) {
    const end = start + line.length;
    if (!isDirective(line)) {
      if (fields.take(start, end)) texts.push(timeText(fields, bytes));
    } else if (fields.direct(start, end)) note(fields);
    start = end;
  }
  return { texts, columns: [...columns] };
}

function timeText({ dateStart, dateEnd, timeStart, timeEnd, dayBefore }: W3cFields, bytes: Uint8Array): Uint8Array {
  const time = bytes.subarray(timeStart, timeEnd);
  const before = dateEnd >= 0 ? bytes.subarray(dateStart, dateEnd) : dayBefore;
  return before === undefined ? time : new Uint8Array(Buffer.concat([before, Buffer.from(' '), time]));
}

export const W3C: InputFormat<W3cPlan> = {
  name: 'w3c',
  extensions: [],
  createFramer: (plan, context) => new W3cFramer(plan, context),
  recognise: recogniseW3c,
  timeTexts: (sample, plan, most) => spread(follow(sample, plan).texts, most),
};
