import { isDocuments, isTable } from '../core/input-plan.ts';
import type { Memory } from '../core/memory.ts';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream, InputPlan, RowFilter, W3cPlan } from '../core/stages.ts';
import { type CountingFramer, createFramer } from '../input/index.ts';
import type { Plan, SourcePlan, Taking } from '../plan.ts';
import type { Pass } from '../sort/index.ts';
import { ReadAhead } from '../source/index.ts';
import { createStamper, type DatingMemory, noStamps, type PlannedStamper } from '../time/index.ts';
import { TakingFramer } from './growing.ts';
import { endingAt, endingAtTrouble, endingBeforeTooLong, notingTooLong } from './keep-going.ts';
import type { SourcePart } from './part.ts';
import { unlessWritten } from './replay.ts';
import type { Run } from './run.ts';
import { SeenBytes } from './seen-bytes.ts';

/** A pass over one source: `look` only finds out about it, says nothing and counts nothing; `take` is the one that counts. */
export type PassKind = 'look' | 'take';

export interface SourcePass extends Pass {
  framer: TakingFramer;
  stamper: PlannedStamper;
  /** What has come through the stream. */
  seen: SeenBytes;
}

const keepAll: RowFilter = (_, count) => count;

/** How a pass differs from one that keeps all records of the whole source. */
export interface PassSettings {
  filter?: RowFilter;
  /** The bytes of its text that are read, of a source in which the others need not be. */
  part?: SourcePart | undefined;
  /** Where the bytes come from, and what is known of those before them, of a source that is followed. */
  followed?: { stream: ByteStream; taking: Taking; warn: Warn };
}

/** Opens a source for one pass from its beginning to its end. */
export function openPass(
  run: Run,
  plan: Plan,
  memory: Memory,
  index: number,
  kind: PassKind,
  { filter = keepAll, part, followed }: PassSettings = {},
): SourcePass {
  const source = plan.sources[index];
  const said = kind === 'take' ? aboutUndated(run, index, followed?.warn) : () => {};
  const warn = part === undefined ? said : (problem: Problem) => said(part.located(problem));
  const taking = followed?.taking ?? source.taking;
  const stamper = stamperOf(source, memory, taking.dating);
  const framerAt = ({ lines, framing, last }: Pick<Taking, 'lines' | 'framing' | 'last'>): CountingFramer =>
    createFramer(restOf(source.input, { lines, framing }), {
      memory,
      stamper,
      source: index,
      label: source.open.label,
      warn,
      lastKey: last === undefined ? firstKey(source) : { high: last[0], low: last[1] },
      continues: last !== undefined,
      line: lines,
    });
  const { replay } = taking;
  const recordLimit = plan.memory.record;
  const place = { index, label: source.open.label, recordLimit };
  const grows = plan.follow !== undefined && source.open.text?.follow !== undefined;
  // A state would say of what is passed over that it was taken.
  const ends = run.request.keepGoing && run.request.state === undefined && !grows && part === undefined;
  const limited = (whole: CountingFramer, before = 0): CountingFramer => {
    if (ends) return endingBeforeTooLong(run, whole, memory, place);
    return grows && kind === 'look' ? notingTooLong(run, whole, memory, { ...place, before }) : whole;
  };
  const at = replay === undefined ? 0 : replay.offset - taking.from;
  const seam = replay && {
    at,
    behind: (before: CountingFramer, last = taking.last) =>
      limited(framerAt({ lines: before.line, framing: before.remember(), last }), at),
  };
  const framer = new TakingFramer(limited(framerAt(taking)), memory, source.input.format, taking.end, seam);
  const written = kind === 'look' || replay === undefined ? undefined : unlessWritten(run, memory, index, replay);
  const kept: RowFilter = written === undefined ? filter : (row, count) => filter(row, written(row, count));
  const damaged = kind === 'take' ? aboutDamage(framer, source.input, warn) : undefined;
  const found = followed?.stream ?? part?.open() ?? openStream(source, plan, damaged);
  const stands = ends || (grows && followed === undefined);
  const opened = stands ? endingAt(found, run.ends[index]) : found;
  const whole = run.request.keepGoing ? endingAtTrouble(opened, warn) : opened;
  const seen = new SeenBytes(run.watch(whole, source.open.storedRead));
  return {
    label: source.open.label,
    stream: seen,
    seen,
    framer,
    stamper,
    filter: kept,
    pause: run.pause,
    recordLimit,
  };
}

/**
 * Of what ends too early, and may be on its way here, a later run takes the rest. JSON that is no object a line cannot be
 * taken up in its middle: such a source is not taken before it is whole.
 */
function aboutDamage(framer: TakingFramer, input: InputPlan, warn: Warn): Warn {
  return (problem) => {
    if (problem.code !== 'truncated' || !framer.endEarly()) return warn(problem);
    const hint = 'whole records before that were taken; the next run that finds more takes it';
    if (!isDocuments(input)) return warn({ ...problem, hint });
    throw new TsalignError({ ...problem, hint: 'it can be taken when it is whole, or as it is with --final' });
  };
}

/** What is compressed is decompressed ahead, by other threads than this one. */
function openStream({ open, taking }: SourcePlan, { memory }: Plan, warn: Warn | undefined): ByteStream {
  if (open.compression.length === 0 || memory.ahead === 0) return open.open(warn, taking.from);
  // A pass that says nothing must not hear of damage either: it is told once.
  const opened = (held: Warn) => open.open(warn === undefined ? undefined : held, taking.from);
  return new ReadAhead(opened, memory.ahead, warn ?? (() => {}));
}

/** Framers say what becomes of undated records when nothing was asked; --undated may have asked for something else. */
function aboutUndated({ request: { undated, strict }, io, troubles }: Run, index: number, atOnce?: Warn): Warn {
  const later: Warn = (problem) => {
    troubles[index] = problem;
  };
  const keep = atOnce ?? (strict ? io.warn : later);
  return (problem) => {
    if (problem.code !== 'undated') io.warn(problem);
    else if (undated === 'reject') keep({ ...problem, hint: 'set aside (--undated reject)' });
    else if (undated !== 'fail') keep(problem);
  };
}

/** How the bytes behind those that were taken are cut: without comments and header, and in W3C logs as the lines before have said. */
function restOf(input: InputPlan, { lines, framing }: Pick<Taking, 'lines' | 'framing'>): InputPlan {
  if (input.format === 'w3c') return { ...input, ...(framing as Partial<W3cPlan> | undefined) };
  if (!isTable(input) || lines === 0) return input;
  const gone = Math.min(lines, input.commentLines);
  const headerText = input.headerText.split('\n').slice(gone).join('\n');
  return { ...input, headerText, commentLines: input.commentLines - gone, header: input.header && lines <= gone };
}

/** A source without records has no stamp plan; nothing in it is ever dated. */
function stamperOf(source: SourcePlan, memory: Pick<Memory, 'bytes'>, before?: DatingMemory): PlannedStamper {
  if (source.stamp !== undefined) return createStamper(source.stamp, memory, before);
  return {
    read: () => false,
    high: 0,
    low: 0,
    at: 0,
    length: 0,
    digits: 0,
    remember: () => before,
    counters: noStamps(),
    clock: { unusualZone: '' },
    walk: { newYears: 0, silences: 0, latest: 0 },
  } as unknown as PlannedStamper;
}

/** Key of the first dated record of the sample: undated ones before it stay with it. */
function firstKey(source: SourcePlan): { high: number; low: number } | undefined {
  const { firstText } = source;
  if (firstText === undefined) return undefined;
  const stamper = stamperOf(source, { bytes: firstText });
  return stamper.read(0, firstText.length) ? { high: stamper.high, low: stamper.low } : undefined;
}
