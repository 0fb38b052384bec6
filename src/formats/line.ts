import type { Instant } from '../core/instant.ts';
import { createMemory, instantOfRow, UNDATED } from '../core/memory.ts';
import { type Problem, TsalignError } from '../core/problem.ts';
import type { InputPlan } from '../core/stages.ts';
import { createFramer } from '../input/index.ts';
import { completeYear, createStamper, type PlannedStamper, type StampPlan } from '../time/index.ts';
import type { LineReading } from './types.ts';

/** Enough for a line of 1 MiB, the room to frame it, and a few rows. */
const MEMORY_BYTES = 4 << 20;

/** What was read in a line: the record that has an instant. */
export interface LineRecord {
  /** Name of the row that read it. */
  format: string;
  instant: Instant;
  /** In UTF-16 units. */
  stamp: { at: number; length: number } | undefined;
  /** What became of the hour in which it lies, and the zone that did it. */
  hour: { was: 'ordinary' | 'repeated' | 'skipped'; zone: string };
}

type Why = Pick<Problem, 'what' | 'hint'>;

/** Said of what is written like a stamp and names no instant. */
export const IMPOSSIBLE: Why = { what: 'its stamp names no instant (its day or time does not exist)' };

/** @param doubt why what looks like one is not believed, where that is known */
export function noTimestamp(doubt?: Why): TsalignError {
  const why = doubt ?? { what: 'no timestamp was found in it', hint: 'describe it with --time-format' };
  return new TsalignError({ code: 'no-timestamp', where: 'line', ...why });
}

/** The plan with the year or the date that its stamps lack, as if the line had been written now. @throws TsalignError */
export function completeStamp(stamp: StampPlan, texts: readonly Uint8Array[], now: Instant): StampPlan {
  if (!stamp.lacksYear || stamp.year !== undefined) return stamp;
  const bytes = new Uint8Array(Buffer.concat(texts));
  const stamper = createStamper(stamp, { bytes });
  let at = 0;
  for (const text of texts) {
    stamper.read(at, at + text.length);
    at += text.length;
  }
  return { ...completeYear(stamp, stamper, now), doubts: stamp.doubts };
}

/** Frames and dates the line as a source of its own. @throws TsalignError 'no-timestamp' */
export function readRecord(line: Uint8Array, input: InputPlan, stamp: StampPlan): LineRecord {
  const memory = createMemory(MEMORY_BYTES);
  const stamper = createStamper(stamp, memory);
  memory.bytes.set(line);
  const framer = createFramer(input, { memory, stamper, source: 0, label: 'line', warn: () => {}, lastKey: undefined });
  framer.frame(0, line.length, true, 0, memory.flags.length);
  const row = memory.flags.subarray(0, framer.rows).findIndex((flags) => (flags & UNDATED) === 0);
  if (row < 0) throw noTimestamp(whyUndated(stamper) ?? stamp.doubts[0]);
  const at = memory.start[row] + memory.stampAt[row];
  const length = memory.stampLength[row];
  const inCharacters = (from: number, to: number) => memory.buffer.toString('utf8', from, to).length;
  return {
    format: formatOf(stamp, memory.bytes.slice(at, at + length)),
    instant: instantOfRow(memory, row),
    stamp: length === 0 ? undefined : { at: inCharacters(0, at), length: inCharacters(at, at + length) },
    hour: hourOf(stamper),
  };
}

/** Why a stamp that was found has no instant. */
function whyUndated({ counters, clock }: PlannedStamper): Why | undefined {
  const { refused, outOfRange, repeated, gaps } = counters;
  if (repeated + gaps > 0 && refused > 0) {
    const what = `its stamp lies in an hour that ${clock.unusualZone} ${repeated > 0 ? 'had twice' : 'skipped'}, and --dst reject refuses it`;
    return { what, hint: 'give --dst earlier or later' };
  }
  if (refused > 0) return IMPOSSIBLE;
  return outOfRange > 0 ? { what: 'its stamp names an instant before 1678 or after 2262' } : undefined;
}

function hourOf({ counters: { repeated, gaps }, clock }: PlannedStamper): LineRecord['hour'] {
  return { was: repeated > 0 ? 'repeated' : gaps > 0 ? 'skipped' : 'ordinary', zone: clock.unusualZone };
}

/** Of a local time that was twice, the instant that was not taken. */
export function otherInstant(
  line: Uint8Array,
  input: InputPlan,
  stamp: StampPlan,
  { hour, instant, format }: LineRecord,
): LineReading['rivals'] {
  if (hour.was !== 'repeated') return [];
  const dst = stamp.dst === 'later' ? 'earlier' : 'later';
  const other = readRecord(line, input, { ...stamp, dst });
  const { at, length } = other.stamp ?? { at: 0, length: 0 };
  const text = Buffer.from(line)
    .toString()
    .slice(at, at + length)
    .trim();
  return other.instant === instant ? [] : [{ format: `${format} with --dst ${dst}`, text, instant: other.instant }];
}

/** Which of the plan's formats reads this text. */
function formatOf(stamp: StampPlan, bytes: Uint8Array): string {
  const found = stamp.formats.find((format) =>
    createStamper({ ...stamp, formats: [format], place: { kind: 'field' } }, { bytes }).read(0, bytes.length),
  );
  return (found ?? stamp.formats[0])?.name ?? '';
}
