import { basename } from 'node:path';
import { NANOS_PER_MILLI } from '../core/instant.ts';
import type { Plan, SourcePlan, Taking } from '../plan.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import type { OpenSource } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import type { DatingMemory } from '../time/index.ts';
import { timingOf } from './following.ts';
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

/** Where reading of a file that was found begins, and which end of it waits. @param entry as the state will know it */
export function takingOf({ known, open }: FoundSource, entry: SourceState, request: MergeRequest, io: RunIo): Taking {
  const moved = basename(entry.file) !== basename(entry.path);
  const still = io.now() - (open.modified as bigint) > STILL_NANOS;
  const isPacked = open.compression.length > 0;
  const isEnd = request.final || isPacked || (moved && still);
  return {
    from: known?.offset ?? 0,
    lines: known?.lines ?? 0,
    last: known?.last,
    dating: (known?.dating ?? undefined) as DatingMemory | undefined,
    framing: known?.framing,
    end: isEnd ? endOfStill(request, isPacked) : endOf(request, io, open),
    entry,
  };
}

/** What is compressed grows only until it is whole; a later run will see whether it is. */
const endOfStill = ({ state, final }: MergeRequest, isPacked: boolean): Taking['end'] =>
  isPacked && state !== undefined && !final ? 'unpacked' : 'whole';

/**
 * Of what is followed, the last record stays open, unless the file was silent for so long that nobody waits for it. With
 * --from, a record that stands there is none of those that are to come, whatever is added to it.
 */
function endOf(request: MergeRequest, io: RunIo, { modified }: OpenSource): Taking['end'] {
  if (!request.follow) return 'finished';
  const { from, idleMs } = timingOf(request, io);
  const silentMs = Number((io.now() - (modified as bigint)) / NANOS_PER_MILLI);
  return from === undefined && silentMs < idleMs ? 'open' : 'lines';
}

/** Which bytes of which files would be read, a line for each file. */
export function describeTaking(plan: Plan): string {
  const read = plan.sources.map(describeRead);
  const seen = (plan.kept?.seen ?? []).map(describeSeen);
  return [...read, ...seen].map((line) => `${line}\n`).join('');
}

function describeRead({ path, label, open, taking }: SourcePlan): string {
  const named = path === label ? '' : ` as ${label}`;
  // What is compressed tells its length only when it is unpacked.
  const to = open.seekable ? `${open.size}` : 'its end';
  const unit = open.seekable ? 'bytes' : 'bytes of text';
  const waits = taking.end === 'whole' || taking.end === 'unpacked' ? '' : ', without an unfinished last line';
  return `${path}${named}: ${unit} ${taking.from} to ${to}${waits}`;
}

const describeSeen = ({ file, label, offset }: SourceState): string =>
  `${file} as ${label}: nothing new behind byte ${offset}`;
