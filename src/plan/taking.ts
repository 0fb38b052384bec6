import { basename, resolve } from 'node:path';
import type { Sample } from '../core/stages.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import type { OpenSource } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import type { DatingMemory } from '../time/index.ts';
import type { FollowPlan, Plan, SourcePlan, Taking } from './data.ts';
import { silentMs } from './following.ts';
import type { FoundSource } from './found.ts';

/** All of a source is to be taken, from its beginning. */
export const NOTHING_TAKEN: Taking = {
  from: 0,
  lines: 0,
  last: undefined,
  dating: undefined,
  framing: undefined,
  end: 'whole',
  entry: undefined,
};

/** A file that is no longer where it was written grows no more once it was still for so long. */
const STILL_NANOS = 60_000_000_000n;

/** What taking a file up needs to know. @property timing where it is followed */
interface Around {
  request: MergeRequest;
  io: RunIo;
  timing: Timing | undefined;
}

type Timing = Pick<FollowPlan, 'from' | 'idleMs'>;

/** Where reading of a file that was found begins, and which end of it waits. @param entry as the state will know it */
export function takingOf({ known, open }: FoundSource, entry: SourceState, { request, io, timing }: Around): Taking {
  const moved = hasMoved(entry);
  const still = io.now() - (open.modified as bigint) > STILL_NANOS;
  const isPacked = open.compression.length > 0;
  const isEnd = request.final || isPacked || (moved && still);
  const place = placeOf(known);
  if (isEnd) return { ...place, end: endOfStill(request, isPacked), entry };
  if (timing === undefined) return { ...place, end: 'finished', entry };
  // Of what was before a new file came, the last record is over.
  return { ...place, end: moved ? 'lines' : endOf(timing, io, open), entry };
}

/** Whether a file has another name than the one under which it first came. */
export const hasMoved = ({ file, path }: SourceState): boolean => basename(file) !== basename(path);

/**
 * Whether more may come of a file that has another name by now: its end waits, or who wrote it may not know yet that it has
 * moved. No later run would come upon it by the name of its log, so that it has to be looked for.
 */
export const isOwedOfMoved = (entry: SourceState, end: Taking['end']): boolean =>
  hasMoved(entry) && (entry.waits === true || !(end === 'whole' || end === 'unpacked'));

/** Where a source that is known is taken up, and what is read again of it. */
export function placeOf(known: SourceState | undefined): Omit<Taking, 'end' | 'entry'> {
  if (known === undefined) return NOTHING_TAKEN;
  const { again, offset } = known;
  const { lines, last, dating, framing } = again ?? known;
  return {
    from: again?.offset ?? offset,
    lines,
    last: last ?? undefined,
    dating: (dating ?? undefined) as DatingMemory | undefined,
    framing,
    replay: again && { offset, lines: known.lines, until: again.until },
  };
}

/** What is compressed grows only until it is whole; a later run will see whether it is. */
const endOfStill = ({ state, final }: MergeRequest, isPacked: boolean): Taking['end'] =>
  isPacked && state !== undefined && !final ? 'unpacked' : 'whole';

/**
 * Of what is followed, the last record stays open, unless the file was silent for so long that nobody waits for it. With
 * --from, a record that stands there is none of those that are to come, whatever is added to it.
 */
const endOf = ({ from, idleMs }: Timing, io: RunIo, open: OpenSource): Taking['end'] =>
  from === undefined && silentMs(open, io.now()) < idleMs ? 'open' : 'lines';

/** Which bytes of which files would be read, a line for each file. */
export function describeTaking(plan: Plan, cwd: string): string {
  const read = plan.sources.map(describeRead);
  const seen = (plan.kept?.seen ?? []).map((source) => describeSeen(source, cwd));
  return [...read, ...seen].map((line) => `${line}\n`).join('');
}

function describeRead({ path, label, open, taking: { from, end, replay } }: SourcePlan): string {
  const named = path === label ? '' : ` as ${label}`;
  // What is compressed tells its length only when it is unpacked.
  const to = open.seekable ? `${open.size}` : 'its end';
  const unit = open.seekable ? 'bytes' : 'bytes of text';
  const again = replay === undefined ? '' : `, without what was written of those before ${replay.offset}`;
  const waits = end === 'whole' || end === 'unpacked' ? '' : ', without an unfinished last line';
  return `${path}${named}: ${unit} ${from} to ${to}${again}${waits}`;
}

/** By the name that was typed, unless the file has another one by now. */
const describeSeen = ({ path, file, label, offset }: SourceState, cwd: string): string =>
  `${resolve(cwd, path) === file ? path : file} as ${label}: nothing new behind byte ${offset}`;

/** A line that is being written would be taken for one of another format. */
export function withoutUnfinished({ pieces, ...rest }: Sample): Sample {
  const last = pieces.at(-1) as Uint8Array;
  return { pieces: [...pieces.slice(0, -1), last.subarray(0, last.lastIndexOf(10) + 1)], ...rest };
}
