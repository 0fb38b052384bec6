import type { Clock } from './core/clock.ts';
import type { Instant } from './core/instant.ts';
import type { LiveStatus } from './core/live-status.ts';
import type { Warn } from './core/problem.ts';
import type { ByteStream, Sink } from './core/stages.ts';

/**
 * What a run is asked to do, as plain data: everything the user said, parsed as far as that needs no source. `undefined`
 * (an empty list, for the settings per source) means not said, so that the plan can tell a default from a choice.
 */

export const INPUT_FORMAT_NAMES = ['auto', 'text', 'csv', 'tsv', 'ndjson', 'logfmt', 'w3c'] as const;
export const OUTPUT_FORMAT_NAMES = ['text', 'raw', 'ndjson', 'csv', 'tsv'] as const;
export const DST_RULES = ['order', 'earlier', 'later', 'reject'] as const;
export const DAY_ORDERS = ['dmy', 'mdy', 'ymd'] as const;
export const UNDATED_RULES = ['attach', 'reject', 'fail'] as const;
export const STAMP_PLACES = ['prefix', 'replace', 'none'] as const;
export const LOCK_RULES = ['fail', 'wait', 'skip'] as const;
export const LATE_RULES = ['keep', 'reject', 'fail'] as const;
export const OUTPUT_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export const PRECISIONS = ['auto', 's', 'ms', 'us', 'ns'] as const;

export type OutputFormatName = (typeof OUTPUT_FORMAT_NAMES)[number];
export type DstRule = (typeof DST_RULES)[number];
export type DayOrder = (typeof DAY_ORDERS)[number];
export type UndatedRule = (typeof UNDATED_RULES)[number];
export type StampPlace = (typeof STAMP_PLACES)[number];
export type LockRule = (typeof LOCK_RULES)[number];
export type LateRule = (typeof LATE_RULES)[number];
export type OutputCompression = (typeof OUTPUT_COMPRESSIONS)[number];
export type Precision = (typeof PRECISIONS)[number];

/** Chalk's levels: none, 16, 256, all colours. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** `--dedup`: overlap, exact, or the fields of `key=`. */
export type DedupRequest = { kind: 'overlap' } | { kind: 'exact' } | { kind: 'key'; fields: readonly string[] };

export const DEFAULT_MEMORY = 256 * 2 ** 20;
export const MINIMUM_MEMORY = 16 * 2 ** 20;

export interface MergeRequest {
  /** Paths, globs, folders, `-`; at least one, unless `filesFrom` names them. */
  sources: string[];
  /** Path of a list of further sources, which are no globs; `-` is stdin. */
  filesFrom?: string;
  /** Whether NUL stands behind each path of that list, not a line end. */
  nullSeparated: boolean;
  recursive: boolean;
  /** Take the rotated files of each log, too. */
  rotated: boolean;
  keepGoing: boolean;

  /** Settings per source, each `VALUE` or `GLOB=VALUE`, in the order given. */
  inputFormat: string[];
  delimiter: string[];
  tz: string[];
  timeField: string[];
  timeFormat: string[];
  year: string[];
  shift: string[];
  label: string[];
  encoding: string[];
  dayOrder: string[];
  timeAnchor: string[];

  /** Delimited text has no header: its first row is a record. */
  noHeader: boolean;

  /** `ABBREVIATION=ZONE`, for all sources. */
  tzAbbr: string[];
  /** Path of a YAML file with timestamp formats of the user's own. */
  formatsFile?: string;

  dst?: DstRule;
  /** Instants as typed: `2024-03-10T06:00Z`, `2h ago`. */
  since?: string;
  until?: string;
  /** Source text of a regular expression, as typed; one that is made keeps its own flags. */
  match?: string | RegExp;
  limit?: number;

  /** Bytes. */
  memory: number;
  tempDir?: string;
  presorted: boolean;
  /** How many threads may work; 1: nothing is decompressed while this one merges. */
  threads?: number;

  dedup?: DedupRequest;
  noDedup: boolean;
  /** A duration as typed. */
  dedupWindow?: string;
  /** Path that receives the records that were removed as duplicates. */
  duplicates?: string;

  undated?: UndatedRule;
  /** Path that receives the records set aside. */
  rejects?: string;
  /** Any warning ends the run; done by the `warn` of RunIo, which throws. */
  strict: boolean;

  /** Path; undefined is stdout. */
  output?: string;
  outputFormat?: OutputFormatName;
  /** Of the records; without it the name of a file tells. */
  compress?: OutputCompression;
  stamp?: StampPlace;
  columns?: string[];
  noSource: boolean;
  lineNumber: boolean;
  outputTz?: string;
  precision?: Precision;
  /** Decided already, from --color, the environment and the terminal. */
  colorLevel: ColorLevel;

  /** Path of the state: what is new since the last run with it is taken. */
  state?: string;
  /** Takes unfinished last lines, too. */
  final: boolean;
  /** Tell which bytes would be read, and run nothing. */
  dryRun: boolean;
  /** What to do while another run holds the lock. */
  lock?: LockRule;
  /** Length of the time slots of which each has a file, as typed; `output` is then the pattern of their names. */
  splitBy?: string;
  /** Writes slots anew that are there. */
  replaceSlots: boolean;
  /** What becomes of records older than what the output ended with. */
  late?: LateRule;
  /** Path that receives them, with `reject`. */
  lateOutput?: string;

  /** Go on with what is written to the sources from now on. */
  follow: boolean;
  /** With `follow`, as typed: `now`, or how far back to begin. */
  from?: string;
  /** By how much a record may come behind the latest of its source: a duration as typed. */
  watermarkDelay?: string;
  /** After how long a silent source is not waited for: a duration as typed, `0` for ever. */
  idleTimeout?: string;
  /** With `follow` and `splitBy`, as typed: for so long a slot is published again that has ended. */
  allowedLateness?: string;
  /** With `follow` and `state`, as typed: how often what was written is made certain. */
  checkpointInterval?: string;

  /** Path of the run report; the caller writes it, from MergeResult.report. */
  report?: string;
  /** With `follow`, as typed: how often it is told how the run stands. */
  reportInterval?: string;
  /** Make the plan and run nothing. */
  explain: boolean;
}

/** A request in which nothing was said: what callers of the library start from. */
export const NOTHING_ASKED: MergeRequest = {
  sources: [],
  recursive: false,
  rotated: false,
  nullSeparated: false,
  keepGoing: false,
  inputFormat: [],
  delimiter: [],
  noHeader: false,
  tz: [],
  tzAbbr: [],
  timeAnchor: [],
  timeField: [],
  timeFormat: [],
  year: [],
  shift: [],
  label: [],
  encoding: [],
  dayOrder: [],
  memory: DEFAULT_MEMORY,
  presorted: false,
  noDedup: false,
  strict: false,
  noSource: false,
  lineNumber: false,
  colorLevel: 0,
  explain: false,
  final: false,
  dryRun: false,
  replaceSlots: false,
  follow: false,
};

/** What the run needs of the world. */
export interface RunIo {
  cwd: string;
  env: { readonly TMPDIR?: string | undefined; readonly TZ?: string | undefined };
  /** Descriptors. */
  stdin: number;
  stdout: number;
  stdoutIsTerminal: boolean;
  stderrIsTerminal: boolean;
  /** Nanoseconds since 1970. */
  now(): Instant;
  /** What a run that follows its sources waits by; that of the machine if left out. */
  clock?: Clock;
  /** Prints and counts; throws under --strict. */
  warn: Warn;
  /** Cheap; may be called every few milliseconds. */
  progress(state: ProgressState): void;
  /** Told every second how a run stands that follows its sources, and at the interval of `reportInterval`. */
  status?(status: LiveStatus): void;
  interim?(status: LiveStatus): void;
  /** Takes the records, or the bytes of the output, which then go to no file. */
  receiver?: Receiver;
  sink?: Sink;
  /** What to wait for before more is made, where whoever takes it is behind. With it, a run that ends leaves no work behind. */
  full?(): Promise<void> | undefined;
  /** Sources that are no files, by the names that they have in the request. */
  streams?: ReadonlyMap<string, ByteStream>;
  /** Aborted by SIGINT and SIGTERM; the run then cleans up and throws (anything). It only fires where the event loop turns. */
  signal: AbortSignal;
}

/** A record as the library hands it out. */
export interface MergedRecord {
  /** Nanoseconds since 1970-01-01T00:00:00Z; undefined for a record that is broken or cannot be dated. */
  instant: bigint | undefined;
  /** Label of its source. */
  source: string;
  /** Physical line of the source on which it starts, from 1. */
  line: number;
  /** Its text, without the last line end; of several lines where it has continuation lines. */
  text: string;
  /** It came when later records were handed out already; only where sources are followed. */
  late?: true;
  /** Columns, members or keys by name, where they were asked for and it has any. */
  fields?: Record<string, unknown>;
}

/** Takes records in the place of an output. */
export interface Receiver {
  withFields: boolean;
  take(batch: MergedRecord[]): void;
}

export interface ProgressState {
  /** What is being done, a verb: `checking`, `sorting`, `merging`. */
  doing: string;
  /** Bytes of the sources read in this phase, and in all where that is known. */
  bytes: number;
  totalBytes?: number;
  records: number;
}

/** Counts over all sources: records = written + duplicates + rejected + outside + unmatched + overLimit. */
export interface MergeSummary {
  sources: number;
  /** Records read. */
  records: number;
  written: number;
  duplicates: number;
  rejected: number;
  outside: number;
  unmatched: number;
  overLimit: number;
}

export interface MergeResult {
  /** Done, but something was set aside: rejected records, a source skipped, a truncated input. */
  setAside: boolean;
  /** The reader of stdout left before the end. */
  closedPipe: boolean;
  summary: MergeSummary;
  /** The plan in words, ending in a newline. */
  plan: string;
  /** The run report: plain data for JSON, no bigint. */
  report: unknown;
}

/** The library's door for a merge; index.ts exports it. */
export type RunMerge = (request: MergeRequest, io: RunIo) => Promise<MergeResult>;
