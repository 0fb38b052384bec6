import type { Instant } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { Warn } from '../core/problem.ts';
import type { ByteStream, InputPlan, RowFilter } from '../core/stages.ts';
import type { Plan, Taking } from '../plan.ts';
import { openPass, type SourcePass } from '../run/passes.ts';
import type { Run } from '../run/run.ts';
import type { Thinning } from '../run/thinning.ts';
import { frameRows, InputWindow } from '../sort/index.ts';
import type { Tail } from '../source/index.ts';
import { latestIn, Marks, markAt, placeIn, type Written } from './marks.ts';

/** Formats whose last record stays open: only what follows shows that it has ended. */
const OPEN_ENDED: readonly InputPlan['format'][] = ['text', 'logfmt'];

/** Windows become smaller where little is left of the memory, but not smaller than this. */
const LEAST_WINDOW = 4096;

const LF = 10;

/** What feeds have in common. */
export interface Around {
  run: Run;
  plan: Plan;
  memory: Memory;
  thinning: Thinning;
  /** Says what is wrong with a source, once. */
  warn: Warn;
  /** Receives all rows that were framed, before any of them is left out. */
  saw(source: number, firstRow: number, count: number): void;
  /** Takes the rows [firstRow, firstRow + count), which are valid until it has answered. */
  take(firstRow: number, count: number): Promise<void>;
  /** How far all is written. */
  written(): Written;
}

/** What one reading has brought: all that is there, or as much as found room. */
export type Came = 'nothing' | 'all' | 'some';

/**
 * Reads one file, or what comes through a pipe, as it grows. The bytes behind the last record that is certain stay in a
 * window of the memory, which is given back where there are none.
 */
export class Feed {
  tail: Tail;
  readonly #around: Around;
  readonly #source: number;
  readonly #stream: ByteStream;
  #pass: SourcePass;
  #taking: Taking;
  #window: InputWindow | undefined;
  /** Where what is read could be taken up again, with a state. */
  readonly marks: Marks | undefined;
  #failure: { error: unknown } | undefined;
  /** The latest instant that was framed since the last mark. */
  #latest: Instant | undefined;

  /**
   * @param taking what is known of the bytes before those that the tail gives
   * @param marks those of what was read of it before
   */
  constructor(around: Around, source: number, tail: Tail, taking: Taking, marks?: Marks) {
    this.tail = tail;
    this.marks = marks ?? (around.plan.kept && new Marks(markAt(taking)));
    this.#around = around;
    this.#source = source;
    this.#taking = { ...taking, end: 'whole' };
    this.#stream = { read: (...place) => this.tail.read(...place), close: () => {} };
    this.#pass = this.#open();
  }

  /** Reads and frames what has come, as far as a window holds it. */
  async read(): Promise<Came> {
    const { memory, plan } = this.#around;
    // Mostly nothing has come: then no window is made.
    if (this.#window === undefined && !this.tail.hasNews) return 'nothing';
    this.#window ??= new InputWindow(
      memory,
      Math.max(LEAST_WINDOW, Math.min(plan.memory.window, memory.regions.largest >> 2)),
    );
    const { bytes } = this.#window;
    const room = this.#window.makeRoom(this.#pass);
    const count = this.#pass.stream.read(memory.bytes, bytes.to, room) as number;
    if (count > 0) {
      bytes.to += count;
      await this.#frame(this.#window, bytes.to, 'more follows');
    }
    this.#tidy();
    if (count === 0) return 'nothing';
    return count < room ? 'all' : 'some';
  }

  /** Ends the open record, if it ends with a line: nothing was written behind it for a while. */
  async rest(): Promise<void> {
    const window = this.#window;
    const { input } = this.#around.plan.sources[this.#source];
    if (window === undefined || !OPEN_ENDED.includes(input.format)) return;
    const { from, to } = window.bytes;
    const end = from + this.#around.memory.buffer.subarray(from, to).lastIndexOf(LF) + 1;
    if (end === from) return;
    await this.#frame(window, end, 'the end');
    this.#taking = this.place;
    this.#around.thinning.closed(this.#source, this.#pass);
    this.#pass = this.#open();
    this.#tidy();
  }

  /** Frames everything: nothing will be written behind it. */
  async finish(): Promise<void> {
    if (this.#window !== undefined) await this.#frame(this.#window, this.#window.bytes.to, 'the end');
    this.#tidy();
  }

  close(): void {
    this.#around.thinning.closed(this.#source, this.#pass);
    this.#window?.close();
    this.#window = undefined;
    this.tail.close();
  }

  /** Whether what is not framed yet is a record beyond the limit. */
  get isTooLong(): boolean {
    const { from, to } = this.#window?.bytes ?? { from: 0, to: 0 };
    return to - from > this.#pass.recordLimit;
  }

  /** How far it has come: what a pass that goes on there has to know. */
  get place(): Taking {
    return placeIn(this.#pass, this.#taking, this.#around.plan.sources[this.#source]);
  }

  /** What has come through it, as far as it is remembered: the last bytes. */
  get tailBytes(): Uint8Array {
    return this.#pass.seen.tail;
  }

  #open(): SourcePass {
    const { run, plan, memory, thinning, warn, saw } = this.#around;
    const source = this.#source;
    const filter = thinning.filterOf(source);
    const seeing: RowFilter = (firstRow, count) => {
      saw(source, firstRow, count);
      if (this.marks !== undefined) this.#latest = latestIn(memory, firstRow, count);
      return filter(firstRow, count);
    };
    const followed = { stream: this.#stream, taking: this.#taking, warn };
    const pass = openPass(run, plan, memory, source, 'take', { filter: seeing, followed });
    thinning.opened(source, pass, this.#taking.lines);
    return pass;
  }

  async #frame(window: InputWindow, to: number, then: 'more follows' | 'the end'): Promise<void> {
    const { memory, take } = this.#around;
    const { framer, recordLimit } = this.#pass;
    const { bytes, firstRow, rowLimit } = window;
    let most: number;
    do {
      // Where one of them may be too long, those before it are handed on first.
      most = to - bytes.from > recordLimit ? 1 : rowLimit;
      const piece = { from: bytes.from, to, last: then === 'the end' };
      const kept = this.#frameOnce(() => frameRows(memory, this.#pass, piece, firstRow, most));
      bytes.from = framer.consumed;
      if (kept > 0) await take(firstRow, kept);
      this.marks?.reached(markAt(this.place), this.#latest, this.#around.written());
    } while (framer.rows === most);
  }

  /** What went wrong while framing goes wrong for good: the framer has passed bytes of which nothing was taken. */
  #frameOnce(frame: () => number): number {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      return frame();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #tidy(): void {
    const window = this.#window;
    if (window === undefined || window.bytes.from < window.bytes.to) return;
    window.close();
    this.#window = undefined;
  }
}
