import type { Memory } from './memory.ts';
import type { Problem } from './problem.ts';

/**
 * The words in which stages speak to one another. A stage never imports another stage; what it needs of one it
 * receives as a value of a type written here.
 */

/** Where bytes come from: a source that was opened, decompressed and freed of its byte order mark. */
export interface ByteStream {
  /** Reads up to `length` bytes to bytes[offset…]. Returns how many (0: the end), at once where the platform can. */
  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number>;
  close(): void | Promise<void>;
}

/**
 * Finds and reads the instant of a line or field. What it found stays in its own fields until the next call, so that no
 * object is made for a record. It must be used in the order of the file: missing years and repeated hours are told by it.
 */
export interface Stamper {
  /** Reads the stamp of the text [start, end) of `memory.bytes`; false where there is none (then the fields mean nothing). */
  read(start: number, end: number): boolean;
  /** Key words of the instant, shift included: high signed, low unsigned or signed (both are right for an Int32Array). */
  high: number;
  low: number;
  /** Where the stamp stands: an offset in `memory.bytes`, and its length in bytes. */
  at: number;
  length: number;
  /** Whether `read`, which found none, met a stamp that names no instant (30 February, 27:61). */
  readonly refused?: boolean;
  /** Lines that the kernel may date by itself, in place of `read`. */
  readonly quick?: QuickLines | undefined;
}

/** What the kernel knows of the stamps of a source while it frames its lines. */
export interface QuickLines {
  /** Puts that at an address of the memory. */
  enter(memory: Memory, address: number): void;
  /** Brings it up to date after `read`. */
  refresh(): void;
  /** Takes note of what the kernel dated since, which must happen before the next `read`. */
  settle(): void;
}

/** What cuts the bytes of one source into records, and dates them. One for each pass over a source; calls follow the file. */
export interface Framer {
  /**
   * Frames the bytes [from, to) of the memory into rows firstRow … firstRow + rowLimit − 1 and fills their columns.
   * A record whose end is not certain yet is left for the next call, which begins at `consumed`; with `last` (no more
   * bytes will follow) everything is framed. Stops early when the rows are full.
   */
  frame(from: number, to: number, last: boolean, firstRow: number, rowLimit: number): void;
  /** Of the last call: rows filled, and the offset from which bytes are still unframed. */
  rows: number;
  consumed: number;
  /** Physical lines passed so far, those of header and framing included: tells the line of whatever comes next. */
  line: number;
  /** Lines so far that belong to no record (a CSV header, comments between). */
  framingLines: number;
}

/** How the bytes of a source are cut into records: plain data, decided by recognition, printed by --explain. */
export type InputPlan = TextPlan | CsvPlan | NdjsonPlan | LogfmtPlan | W3cPlan;

export interface TextPlan {
  format: 'text';
  /** Set where lines may be parts of one, each with a stamp of its own: `cri`, as containerd and CRI-O write them (`… stdout P …`). */
  parts?: 'cri';
}

/** How the fields of a delimited record lie, and what they are called. */
export interface FieldLayout {
  /** One byte: comma, semicolon, tab, pipe. */
  delimiter: string;
  /** Whether several delimiters in a row are one, and none begins or ends a record. */
  repeats?: boolean;
  /** How a quote stands inside a quoted field: `""`, or `\\"` as well; `none` where quotes mean nothing. */
  quotes: 'doubled' | 'backslash' | 'none';
  /** Names of the columns, from the header; `column1` … where there is none. */
  columns: string[];
  /** Indexes of the columns that hold the time: one, or those of date and time, read with a blank between them. */
  timeColumns: number[];
}

/** Delimited text; `tsv` is the same with a tab. */
export interface CsvPlan extends FieldLayout {
  format: 'csv' | 'tsv';
  /** Whether the first record is a header. */
  header: boolean;
  /** Lines before the header that are comments: they begin with `#`, or `sep=`. */
  commentLines: number;
  /** Whether lines that begin with `#` are comments below the header, too. */
  commentsBelow: boolean;
  /** The bytes of comments and header without the last line end, decoded; '' where there is no header. */
  headerText: string;
  /** What stands before that line end: CR or nothing. */
  headerEnd: string;
  /** Index of the column that holds the zone of their stamps in the rows in which it is not empty. */
  zoneColumn: number | undefined;
}

export interface NdjsonPlan {
  format: 'ndjson';
  /**
   * An object a line; or objects one behind the other, over several lines or many on one, in arrays or not. Then
   * `recordsAt` names the members down to the array in which each document holds its records; none: they are no wrapper's.
   */
  layout: 'lines' | 'documents';
  recordsAt: string[];
  /**
   * Where the time may stand, tried in this order: member names from the top down, e.g. ['ts'] or ['meta', 'time'];
   * '0' is also the first element of an array.
   */
  timePaths: string[][];
  /** Members that are the time together, tried before those: date and time, a time and its zone, seconds and nanoseconds. */
  timeParts?: string[][][];
}

/** Lines whose fields are named by `#Fields:` lines among them (W3C Extended Log File Format). */
export interface W3cPlan {
  format: 'w3c';
  /** What stands between fields: a tab, or a blank or several. */
  delimiter: '\t' | ' ';
  /** The first names of the fields, and the day of their times of day, `2024-03-10`, or ''. */
  fields: string[];
  day: string;
  /** Whether its times are UTC, as the format has them: fields called `date` and `time`, and nothing that says otherwise. */
  utc: boolean;
  /** The names that fields have anywhere in the sample, those of the time left out. */
  columns: string[];
  /** What the fields of each line are: fills while the source is read, and knows the lines that were. */
  layouts: LayoutsByLine;
  /** The hour of the last record before, where the plan is that of the rest of a file: after midnight it is higher than the next. */
  hour?: number;
}

/** The layouts that the fields of a source have, one behind the other. */
export interface LayoutsByLine {
  /** That of the record which begins on this line; undefined where none is known. */
  at(line: number): FieldLayout | undefined;
  /** The fields of the lines behind this one lie so. */
  begin(line: number, layout: FieldLayout): void;
}

/** Lines of `key=value` pairs; lines without a time belong to the record before them, as in text. */
export interface LogfmtPlan {
  format: 'logfmt';
  /** Where the time may stand, tried in this order. */
  times: PairTime[];
}

/** Keys whose values, with blanks between them, are a stamp (`date` and `time`), and that of its zone, if the line has it. */
export interface PairTime {
  keys: string[];
  zone: string | undefined;
}

/** What the output needs to know of each source, by its index. */
export interface SourceInfo {
  label: string;
  input: InputPlan;
}

/** What receives the written bytes: a file that appears when complete, a descriptor, an array in a test. Synchronous: a full pipe holds the run back. */
export interface Sink {
  write(bytes: Uint8Array): void;
  /** What was written ends with a record: there a file is cut that others see, should writing more go wrong. */
  mark?(): void;
  /** Makes what was written visible, though more will follow; left out where it always is. */
  publish?(): void;
  /**
   * Where what was published has been moved away or removed, goes on in a new file of its name. Returns that name if so.
   * @throws TsalignError 'output' where a file of others has the name, 'state' where a state speaks of it
   */
  followName?(): string | undefined;
  /** Makes what was written durable and visible. */
  commit(): void;
  /** Leaves nothing behind. */
  abort(): void;
}

/** Where record writers put their bytes: a region of the memory that goes to the sink when it is full. */
export interface Output {
  readonly memory: Memory;
  /** Next free offset in `memory.bytes`; a writer that has reserved room writes there itself and moves it on. */
  position: number;
  /** Where the region ends. */
  readonly limit: number;
  /** Makes room for `length` bytes at `position` (at most OUTPUT_ROOM; larger things go through `copy`). */
  reserve(length: number): void;
  /** Appends memory.bytes[from, to), of any length. */
  copy(from: number, to: number): void;
  /** Appends UTF-8 text or bytes from outside the memory, of any length. */
  append(text: string | Uint8Array): void;
  flush(): void;
}

/** The longest `reserve`. */
export const OUTPUT_ROOM = 16384;

/** Writes records in one output format. */
export interface RecordWriter {
  /** What stands before the first record, e.g. a CSV header. */
  begin(out: Output): void;
  /** Writes the records rows[0 … count). */
  write(rows: Int32Array, count: number, out: Output): void;
}

/** Bytes taken from several places of a source to recognise it; each begins at a line start, except that lines may be cut at its end. */
export interface Sample {
  /** The beginning (after any byte order mark), then pieces from the middle and the end where the source can be read there. */
  pieces: Uint8Array[];
  /** Whether pieces[0] is the whole source. */
  whole: boolean;
  /** Set where that ends because compressed bytes do, too early, or are damaged. */
  damage?: Problem;
}

/** Texts of a sample, in its order; an array, or what makes those that are looked at. */
export interface Texts extends Iterable<Uint8Array> {
  readonly length: number;
  at(index: number): Uint8Array | undefined;
}

/** The share (0 … 1) of these texts that are, as a whole, one stamp. Given by time/ to the recognition of input formats. */
export type RateStamps = (texts: readonly Uint8Array[]) => number;

/** Keeps some of the rows [firstRow, firstRow + count): moves their columns together to the front and returns how many they are. */
export type RowFilter = (firstRow: number, count: number) => number;
