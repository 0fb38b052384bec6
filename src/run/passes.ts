import type { Memory } from '../core/memory.ts';
import type { Problem, Warn } from '../core/problem.ts';
import type { ByteStream, RowFilter } from '../core/stages.ts';
import { type CountingFramer, createFramer } from '../input/index.ts';
import type { Plan, SourcePlan } from '../plan.ts';
import type { Pass } from '../sort/index.ts';
import { ReadAhead } from '../source/index.ts';
import { createStamper, noStamps, type PlannedStamper } from '../time/index.ts';
import { endingAtTrouble } from './keep-going.ts';
import type { SourcePart } from './part.ts';
import type { Run } from './run.ts';

/** A pass over one source: `look` only finds out about it, says nothing and counts nothing; `take` is the one that counts. */
export type PassKind = 'look' | 'take';

export interface SourcePass extends Pass {
  framer: CountingFramer;
  stamper: PlannedStamper;
}

const keepAll: RowFilter = (_, count) => count;

/** How a pass differs from one that keeps all records of the whole source. */
export interface PassSettings {
  filter?: RowFilter;
  /** The bytes of its text that are read, of a source in which the others need not be. */
  part?: SourcePart | undefined;
}

/** Opens a source for one pass from its beginning to its end. */
export function openPass(
  run: Run,
  plan: Plan,
  memory: Memory,
  index: number,
  kind: PassKind,
  { filter = keepAll, part }: PassSettings = {},
): SourcePass {
  const source = plan.sources[index] as SourcePlan;
  const said = kind === 'take' ? aboutUndated(run) : () => {};
  const warn = part === undefined ? said : (problem: Problem) => said(part.located(problem));
  const stamper = stamperOf(source, memory);
  const framer = createFramer(source.input, {
    memory,
    stamper,
    source: index,
    label: source.label,
    warn,
    lastKey: firstKey(source),
  });
  const opened = part?.open() ?? openStream(source, plan, kind === 'take' ? warn : () => {});
  const stream = run.watch(run.request.keepGoing ? endingAtTrouble(opened, warn) : opened);
  return { label: source.label, stream, framer, stamper, filter, pause: run.pause, recordLimit: plan.memory.record };
}

/** What is compressed is decompressed ahead, by other threads than this one. */
function openStream({ open }: SourcePlan, { memory }: Plan, warn: Warn): ByteStream {
  if (open.compression.length === 0 || memory.ahead === 0) return open.open(warn);
  return new ReadAhead((held) => open.open(held), memory.ahead, warn);
}

/** Framers say what becomes of undated records when nothing was asked; --undated may have asked for something else. */
function aboutUndated({ request, io }: Run): Warn {
  if (request.undated === undefined || request.undated === 'attach') return io.warn;
  return (problem) => {
    if (problem.code !== 'undated') io.warn(problem);
    else if (request.undated === 'reject') io.warn({ ...problem, hint: 'set aside (--undated reject)' });
  };
}

/** A source without records has no stamp plan; nothing in it is ever dated. */
function stamperOf(source: SourcePlan, memory: Pick<Memory, 'bytes'>): PlannedStamper {
  if (source.stamp !== undefined) return createStamper(source.stamp, memory);
  return {
    read: () => false,
    high: 0,
    low: 0,
    at: 0,
    length: 0,
    digits: 0,
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
