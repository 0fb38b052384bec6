import { readFileSync } from '../core/disk.ts';
import type { Fingerprint } from '../core/fingerprint.ts';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';
import { isStateDocument } from './shape.ts';

/**
 * What runs with `--state FILE` know of one another: plain data for JSON. It is replaced as a whole, behind everything
 * that it speaks of, so that what it says is always so.
 */
export interface StateDocument {
  /** Version of this layout. */
  state: 1;
  /** Names this state in the manifest of slots: only what was written under it may be merged with more. */
  id: string;
  /** What decides how records are read and written, by option; undefined until the first run has taken something. */
  settings: Settings | undefined;
  /** What stands above the records: the names of the columns, or a CSV header that all sources share. */
  header: string[] | undefined;
  /** Labels in the order in which they came: that of ties in slots. */
  labels: string[];
  nextId: number;
  sources: SourceState[];
  /** Files that are appended to, by option. */
  outputs: Record<string, AppendedState>;
  /** Files that are complete but not in their places yet; the next run puts them there before anything else. */
  pending: Rename[];
  /** Of a run that follows its sources: what is written of slots, and not in its place. */
  slots?: SlotsState | undefined;
}

export type Settings = Record<string, unknown>;

export interface SourceState {
  /** Rises in the order in which files came: that of ties inside a label. */
  id: number;
  label: string;
  /** The path as it was written when the file came; settings per source go by it wherever the file has got to. */
  path: string;
  /** Absolute path at which it was last seen. */
  file: string;
  device: string;
  inode: string;
  /** Stored bytes, and modification time in nanoseconds, when it was last seen. */
  size: number;
  modified: string;
  /** Whether the stored bytes are the text: neither compressed nor in another encoding. */
  plain: boolean;
  /** Bytes of text, after decompression, that were taken, and the lines that they are. */
  offset: number;
  lines: number;
  /** Hashes of the first bytes, and of those before the offset, with how many they are. */
  head: Fingerprint;
  before: Fingerprint;
  /** Key words of the last record, where there was one. */
  last: readonly [high: number, low: number] | undefined;
  /** What dating remembers of the file: years, days, the repeated hour. */
  dating: unknown;
  /** What cutting it into records remembers: of W3C logs, the fields and the day. */
  framing: unknown;
  /** Of what is not plain, whose size tells nothing: an end that was read and not taken waits for more bytes, or for --final. */
  waits?: true | undefined;
  /** Said once that its rest is not to be found. */
  lost?: true;
  /** Some of the records before the offset were read, and held when the state was made: from here they are read again. */
  again?: Again | undefined;
  /** Another file has taken its name, and more may have been written to it. */
  moved?: true | undefined;
  /** Key words of the latest record that was seen in it while it was followed, written or not. */
  highest?: readonly [high: number, low: number] | undefined;
}

/** A place in a file, at the end of a record, and what is remembered there. */
export interface StatePlace {
  offset: number;
  lines: number;
  last: readonly [high: number, low: number] | undefined;
  dating: unknown;
  framing: unknown;
}

/** Where reading is taken up before the offset: of the records between, those up to an instant were written. */
export interface Again extends StatePlace {
  /** Key words of that instant. */
  until: readonly [high: number, low: number];
}

export interface AppendedState {
  file: string;
  /** Bytes that are valid; what stands behind them was written by a run that did not end. */
  length: number;
  /** The last bytes before that. */
  tail: Fingerprint;
  /** The latest instant that was written, as key words. */
  last: readonly [high: number, low: number] | undefined;
}

export interface SlotsState {
  /** Absolute path of the folder that holds all slots. */
  folder: string;
  /** Key words of an instant: records up to it were written. */
  until: readonly [high: number, low: number];
  /** Where the first slot begins that is not final, as key words. */
  final: readonly [high: number, low: number];
  /** The oldest of a slot first. */
  parts: PartState[];
}

/** Records of a slot, in order. */
export interface PartState {
  /** What is known of them, as a manifest says it of a slot; `index` is the hash of their index. */
  slot: PartFacts;
  /** Names of their file, and of its index, among the unfinished ones. */
  file: string;
  index: string;
  /** Bytes of the index. */
  indexBytes: number;
  /** Whether what was in the slot's place is among them, and whether they are all of the slot, ready to be put there. */
  covers: boolean;
  ready: boolean;
}

export interface PartFacts {
  slot: string;
  records: number;
  bytes: number;
  sha256: string;
  first: string;
  last: string;
  sources: Record<string, number>;
  index?: string;
}

export interface Rename {
  from: string;
  to: string;
}

/** A state before its first run. */
export const emptyState = (id: string): StateDocument => ({
  state: 1,
  id,
  settings: undefined,
  header: undefined,
  labels: [],
  nextId: 0,
  sources: [],
  outputs: {},
  pending: [],
});

/**
 * Reads a state; undefined where there is no such file.
 * @throws TsalignError 'state' where it is none of ours, or cannot be read
 */
export function loadState(file: string): StateDocument | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw new TsalignError({ code: 'state', where: file, what: `the state cannot be read (${systemReason(error)})` });
  }
  return parseState(text, file);
}

function parseState(text: string, file: string): StateDocument {
  let value: Partial<StateDocument> | undefined;
  try {
    value = JSON.parse(text) as Partial<StateDocument>;
  } catch {
    value = undefined;
  }
  if (isStateDocument(value)) return value as StateDocument;
  const newer = typeof value?.state === 'number' && value.state > 1;
  throw new TsalignError({
    code: 'state',
    where: file,
    what: newer ? 'this state was written by a later version of tsalign' : 'this is no state of tsalign',
    hint: newer
      ? 'update tsalign'
      : 'name another file with --state: with a new one everything is read and written anew',
  });
}

/** The text of a state, a line for each source, so that it can be read and compared. */
export function stateText(document: StateDocument): string {
  const { state, id, settings, header, labels, nextId, outputs, pending, slots, sources } = document;
  const rest = { state, id, settings, header, labels, nextId, outputs, pending, slots };
  const head = JSON.stringify(rest, null, 1).slice(0, -2);
  const lines = sources.map((source) => `  ${JSON.stringify(source)}`);
  return `${head},\n "sources": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n `}]\n}\n`;
}
