import type { Digits, Instant, Nanos } from '../core/instant.ts';
import type { SourceInfo } from '../core/stages.ts';
import type { OutputFormatName } from '../request.ts';
import type { OpenSource, SourcePath } from '../source/index.ts';
import type { Settings, SourceState, StateDocument } from '../state/index.ts';
import type { DatingMemory, StampPlan, Zone } from '../time/index.ts';
import type { Range } from './range.ts';

/** What is to be done: everything that the user did not say is decided here, and nothing below it is optional. */
export interface Plan {
  sources: SourcePlan[];
  range: Range;
  output: OutputPlan;
  dedup: DedupPlan;
  memory: MemoryPlan;
  tempDir: string;
  presorted: boolean;
  /** Whether sources are merged as if they were in order; where one is not, all that was written is taken back. */
  assumesOrder: boolean;
  /** What the state will know, where there is one. */
  kept: KeptPlan | undefined;
  /** How the sources are followed, if they are. */
  follow: FollowPlan | undefined;
}

/** What a run with a state carries on. */
export interface KeptPlan {
  document: StateDocument;
  settings: Settings;
  /** Sources of which nothing is read. */
  seen: SourceState[];
}

/** One source: how it is read, cut into records and dated. */
export interface SourcePlan extends SourceInfo {
  path: string;
  /** Index of the first source with the same label: the files of one series share it. */
  series: number;
  open: OpenSource;
  /** Whether it is read side by side with the others where it is in order, or rather sorted with many small ones. */
  mayStream: boolean;
  /** Undefined for a source without any records. */
  stamp: StampPlan | undefined;
  otherTimes: string[]; // names of other fields that hold times, or places in lines
  utf8: boolean; // whether its sample is valid UTF-8
  fieldNames: string[]; // members or keys that sampled records have, where --columns asks for some
  abbreviations: string[]; // those of --tz-abbr that its sample has
  /** Whether the user said how its stamps are written. */
  timeFormatGiven: boolean;
  /** Whether the part of it in which the range lies is found by binary search, and the rest is not read. */
  searched: boolean;
  /** Which part of it is read. */
  taking: Taking;
  /** The first text of the sample that has an instant: what comes before the first dated record is put there. */
  firstText: Uint8Array | undefined;
}

export interface OutputPlan {
  /** Path, or undefined for stdout; with slots the pattern of their paths. */
  path: string | undefined;
  format: OutputFormatName;
  /** undefined: none. */
  compression: string | undefined;
  zone: Zone;
  digits: Digits;
  finer: 'full' | 'cut';
  slots: SlotsPlan | undefined;
}

/** Files of time slots. */
export interface SlotsPlan {
  /** Absolute path of the folder that holds all of them, and the pattern of their paths. */
  folder: string;
  pattern: string;
  /** The pattern from the folder. */
  names: string;
  splitBy: string;
  /** Seconds. */
  length: number;
  /** Whether slots that are there may be written anew. */
  replace: boolean;
}

/** Which records can be duplicates of one another, and which of them is kept. */
export type DedupPlan =
  | { kind: 'none' }
  | { kind: 'overlap' | 'exact'; within: 'series' | 'all' }
  | { kind: 'key'; fields: readonly string[]; window: bigint };

/** Bytes. */
export interface MemoryPlan {
  total: number;
  /** The longest record. */
  record: number;
  /** What is collected before it is written: to the output, and to a run. */
  output: number;
  staging: number;
  /** What is looked at of a source while it streams. */
  window: number;
  /** What is held back, twice, of sources that are followed. */
  held: { bytes: number; rows: number };
  /** What is decompressed ahead of each compressed source; 0: nothing. */
  ahead: number;
}

/** Where reading a source begins, and what is known of what stands before. */
export interface Taking {
  /** Bytes of text, and lines, that earlier runs have taken. */
  from: number;
  lines: number;
  /** Key words of the last record among them. */
  last: readonly [high: number, low: number] | undefined;
  /** What dating, and cutting into records, remember of them. */
  dating: DatingMemory | undefined;
  framing: unknown;
  /**
   * Whether all of it is taken, all but an unfinished line, or an unfinished end waits for a later run, or everything does
   * that more bytes could change. `unpacked`: that, if compressed bytes end too early; else all of it.
   */
  end: 'whole' | 'unpacked' | 'lines' | 'finished' | 'open';
  /** The source as the state will know it, where there is a state. */
  entry: SourceState | undefined;
  /** Up to where it was read before, where that lies behind the beginning. */
  replay?: Replay | undefined;
}

/** A part of a source that is read again: of its records, those up to an instant were written. */
export interface Replay {
  /** Bytes of text, and lines, at its end. */
  offset: number;
  lines: number;
  /** Key words of the instant. */
  until: readonly [high: number, low: number];
}

/** How sources are followed when what stands in them has been merged. */
export interface FollowPlan {
  /** By how much a record may come behind the latest of its source. */
  delay: Nanos;
  /** For so long after its end a slot is published again for what comes late. */
  allowedLateness: Nanos;
  /** After how many milliseconds a silent source is not waited for. */
  idleMs: number;
  /** Records before it, among those that stand there already, are not written; `now`: none of them is. */
  from: Instant | 'now' | undefined;
  /** How often a report tells how the run stands; undefined: only at the end. */
  reportMs: number | undefined;
  /** Sources that are no files. */
  pipes: SourcePath[];
  /** Files that hold nothing yet. */
  empty: EmptyFile[];
  /** By what files are known again that are no longer read, or not yet. */
  document: StateDocument;
  /** Milliseconds between two checkpoints. */
  checkpointMs: number;
  /** Whether runs with the state have taken something. */
  isResumed: boolean;
  /** Records up to it were written by earlier runs; what comes at or before it is late. */
  written: Instant;
}

/** A file of which nothing is known but its place; held open, since it may be written to and renamed before it is followed. */
export interface EmptyFile {
  entry: SourceState;
  open: OpenSource;
}

/** What a run with a state will read, and what it has seen besides. */
export interface TakenUp {
  sources: SourcePlan[];
  /** Sources of the state, and new ones, of which nothing will be read now, as they are known from now on. */
  seen: SourceState[];
  /** Those of `seen` that are followed though nothing stands in them. */
  empty: EmptyFile[];
}
