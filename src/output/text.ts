import { CONTINUED, type Memory, MULTILINE, UNDATED } from '../core/memory.ts';
import type { Output, RecordWriter, SourceInfo } from '../core/stages.ts';
import { DECIMAL_ROOM, pokeDecimal } from '../kernel/decimal.ts';
import { putByte } from '../kernel/escape.ts';
import { lineEnd } from '../kernel/line-end.ts';
import { type PrefixForm, PrefixWriter } from '../kernel/prefix-writer.ts';
import { STAMP_ROOM, StampWriter } from '../kernel/stamp-writer.ts';
import type { Colour } from './palette.ts';
import { sanitizeLabel, sanitizeText } from './sanitize.ts';
import type { WriterSettings } from './settings.ts';

const LF = 10;
const QUOTE = 34;
const PLUS = 43;

/** Stands for the stamp of a record that has no instant, as in RFC 5424 (NILVALUE): every line keeps its shape. */
const NO_STAMP = '-';

/** Between prefix and line; a continuation line has `+` for the bar. */
const BAR = ' | ';

/**
 * Text for people: `2024-03-10T06:59:58.120Z web.log | original line`, and `+` for `|` before each further line of a
 * record. Bytes of the line are as they were, a CR at its end included, unless a terminal shows them.
 */
export function createTextWriter(
  settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): RecordWriter {
  return new TextWriter(settings, sources, memory);
}

class TextWriter implements RecordWriter {
  readonly #settings: WriterSettings;
  readonly #sources: readonly SourceInfo[];
  readonly #memory: Memory;
  readonly #stamps: StampWriter;
  readonly #prefixes: PrefixWriter;
  /** What stands before a line that carries no stamp of ours: the label alone. */
  readonly #labels: Buffer[];
  /** Behind the line number, if there is one: the end of the label's colour, and the bar. */
  readonly #tails: Buffer[];
  readonly #fast: boolean;

  constructor(settings: WriterSettings, sources: readonly SourceInfo[], memory: Memory) {
    const colours = coloursOf(settings, sources);
    const forms = sources.map((source, i) => formOf(settings, source, colours[i]));
    this.#settings = settings;
    this.#sources = sources;
    this.#memory = memory;
    this.#stamps = new StampWriter(settings);
    this.#prefixes = new PrefixWriter(memory, this.#stamps, settings.stamp === 'none' ? [] : forms);
    this.#labels = forms.map((form) => Buffer.from(labelAlone(settings, form)));
    this.#tails = colours.map(({ close }) => Buffer.from(`${close}${BAR}`));
    this.#fast = settings.stamp === 'prefix' && !settings.lineNumbers && !settings.terminal;
  }

  begin(): void {}

  write(rows: Int32Array, count: number, out: Output): void {
    let i = 0;
    while (i < count) {
      if (this.#fast) i = this.#prefixes.writeLines(rows, i, count, out);
      if (i < count) this.#record(rows[i++], out);
    }
  }

  #record(row: number, out: Output): void {
    const { start, end, flags, bytes } = this.#memory;
    const stop = end[row];
    let from = start[row];
    for (let number = 0; ; number++) {
      const to = (flags[row] & MULTILINE) === 0 ? stop : lineEnd(bytes, from, stop);
      this.#lead(row, number, out);
      this.#body(row, from, to, out);
      putByte(LF, out);
      if (to >= stop) return;
      from = to + 1;
    }
  }

  /** What stands before the line of a record, counted from 0. */
  #lead(row: number, number: number, out: Output): void {
    const { stamp, lineNumbers } = this.#settings;
    if (stamp === 'none') return;
    const { source, flags, line } = this.#memory;
    const index = source[row];
    const carried = flags[row] & (UNDATED | CONTINUED);
    if (stamp === 'replace' && (this.#isReplaced(row) || (carried & CONTINUED) !== 0)) {
      if (this.#labels[index].length === 0) return;
      out.append(this.#labels[index]);
    } else if (carried === UNDATED) this.#prefixes.putUndated(index, out);
    else this.#prefixes.put(row, out);
    if (lineNumbers) {
      out.reserve(DECIMAL_ROOM);
      out.position = pokeDecimal(this.#memory.bytes, out.position, line[row] + number);
      out.append(this.#tails[index]);
    }
    if (number > 0 || (carried & CONTINUED) !== 0) this.#memory.bytes[out.position - BAR.length + 1] = PLUS;
  }

  /** Appends the line in bytes [from, to), the record's stamp replaced by ours if that is wanted and it stands there. */
  #body(row: number, from: number, to: number, out: Output): void {
    const { start, stampAt, stampLength } = this.#memory;
    const at = start[row] + stampAt[row];
    const behind = at + stampLength[row];
    if (this.#settings.stamp !== 'replace' || !this.#isReplaced(row) || at < from || behind > to) {
      this.#text(from, to, out);
      return;
    }
    this.#text(from, at, out);
    this.#stamp(row, at, out);
    this.#text(behind, to, out);
  }

  #isReplaced(row: number): boolean {
    const { flags, stampLength } = this.#memory;
    return stampLength[row] > 0 && (flags[row] & (UNDATED | CONTINUED)) === 0;
  }

  #stamp(row: number, at: number, out: Output): void {
    const { keys, source, bytes } = this.#memory;
    // A number in JSON becomes a string: the line stays JSON.
    const quoted = this.#sources[source[row]].input.format === 'ndjson' && bytes[at - 1] !== QUOTE;
    if (quoted) putByte(QUOTE, out);
    this.#stamps.place(keys[2 * row + 1], keys[2 * row]);
    out.reserve(STAMP_ROOM);
    out.position = this.#stamps.write(bytes, out.position);
    if (quoted) putByte(QUOTE, out);
  }

  #text(from: number, to: number, out: Output): void {
    if (this.#settings.terminal) out.append(sanitizeText(this.#memory.buffer.toString('utf8', from, to)));
    else out.copy(from, to);
  }
}

/** Sources with one label are one series and have one colour. */
function coloursOf(settings: WriterSettings, sources: readonly SourceInfo[]): Colour[] {
  const labels = [...new Set(sources.map((source) => source.label))];
  const colours = new Map(labels.map((label, index) => [label, settings.palette(index)]));
  return sources.map((source) => colours.get(source.label) as Colour);
}

function formOf(settings: WriterSettings, source: SourceInfo, { open, close }: Colour): PrefixForm {
  const { withSource, lineNumbers } = settings;
  const label = withSource ? sanitizeLabel(source.label) : '';
  const colon = withSource && lineNumbers ? ':' : '';
  const gap = withSource || lineNumbers ? ' ' : '';
  const after = `${gap}${open}${label}${colon}${lineNumbers ? '' : `${close}${BAR}`}`;
  return { before: '', after, undated: `${NO_STAMP}${after}` };
}

/** With --stamp replace the stamp is in the line, and only label and number stand before it; without both, nothing. */
function labelAlone({ withSource, lineNumbers }: WriterSettings, form: PrefixForm): string {
  if (withSource || lineNumbers) return form.after.slice(1);
  return '';
}
