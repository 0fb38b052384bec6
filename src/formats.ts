import type { Instant } from './core/instant.ts';
import type { InputPlan, Sample } from './core/stages.ts';
import { assumptions } from './formats/assumptions.ts';
import { completeStamp, IMPOSSIBLE, noTimestamp, otherInstant, readRecord } from './formats/line.ts';
import { rivalsOf, type Sought } from './formats/rivals.ts';
import type { FormatRow, LineReading } from './formats/types.ts';
import { explainInput } from './plan/explain.ts';
import { recogniseSample } from './plan/recognition.ts';
import { type SourceSettings, sourceSettings } from './plan/settings.ts';
import type { MergeRequest, RunIo } from './request.ts';
import { readFirstLine } from './source/index.ts';
import {
  detectStamp,
  findImpossible,
  formatNamed,
  type StampPlan,
  TIME_FORMATS,
  type TimeFormat,
} from './time/index.ts';

export type { FormatRow, LineReading } from './formats/types.ts';

/** What matters of the world to one line. */
type LineIo = Pick<RunIo, 'cwd' | 'now'>;

/** A line stands for a source of this name. */
const LINE = { path: 'line', file: '-', origin: 'stdin' } as const;

/** A line longer than this is read up to here. */
const LINE_BYTES = 1 << 20;

/** The table of formats, in the order in which they are tried: those of a formats file first. */
export async function listFormats(request: MergeRequest, io: LineIo): Promise<FormatRow[]> {
  const settings = await settingsOf(request, io);
  return [...(settings.stamp.formats ?? []), ...TIME_FORMATS].map(rowOf);
}

/**
 * How a line would be read if it were a source: by which row, as which instant, and what had to be assumed. Only the
 * settings per source of the request matter.
 * @throws TsalignError 'no-timestamp' where no instant is found in it, 'usage' for settings without a meaning
 */
export async function readLine(line: string, request: MergeRequest, io: LineIo): Promise<LineReading> {
  // The line end shows that it was not cut short.
  const bytes = new Uint8Array(Buffer.from(`${line.split('\n', 1)[0]?.slice(0, LINE_BYTES)}\n`));
  const sample = { pieces: [bytes], whole: true };
  const settings = await settingsOf(request, io);
  const { input, framed, texts, where, stamp } = recogniseLine(sample, settings, io.now());
  const plan = completeStamp(stamp, texts, io.now());
  const record = readRecord(bytes, input, plan);
  const sought: Sought = { texts, where, settings: { ...settings.stamp, modified: io.now() } };
  return {
    line: Buffer.from(bytes).toString('utf8', 0, bytes.length - 1),
    framed,
    format: rowNamed(record.format, settings.stamp.formats),
    instant: record.instant,
    stamp: record.stamp,
    assumed: assumptions(plan, request.dst === undefined ? record.hour : undefined),
    rivals: [...otherInstant(bytes, input, plan, record), ...rivalsOf(sought, record, io.now())],
  };
}

/** A line of text in which no stamp was found may be one as a whole: the value of a column or a member. */
function recogniseLine(sample: Sample, settings: SourceSettings, now: Instant): RecognisedLine {
  const { input, texts: found, stamp } = recogniseSample(sample, settings, { name: LINE.path, modified: now });
  const texts = [...found];
  const framed = explainInput(input);
  if (stamp !== undefined) return { input, framed, texts, stamp, where: input.format === 'text' ? 'line' : 'field' };
  const asField = detectStamp(texts, 'field', { ...settings.stamp, modified: now });
  if (asField !== undefined && input.format === 'text') {
    return { input, framed: AS_FIELD, texts, stamp: asField, where: 'field' };
  }
  throw noTimestamp(texts.some((text) => findImpossible(text, settings.stamp) >= 0) ? IMPOSSIBLE : undefined);
}

interface RecognisedLine extends Pick<Sought, 'texts' | 'where'> {
  input: InputPlan;
  framed: string;
  stamp: StampPlan;
}

const AS_FIELD = 'the whole line is one, such as a column or a member; among other text it is no timestamp';

export { readFirstLine };

/** The library's doors. */
export type ReadFirstLine = typeof readFirstLine;
export type ListFormats = typeof listFormats;
export type ReadLine = typeof readLine;

async function settingsOf(request: MergeRequest, io: LineIo) {
  const [settings] = await sourceSettings(request, [LINE], io);
  if (settings === undefined) throw new Error('one source has one setting');
  return settings;
}

/** A pattern that the user gave is no row, and stands for itself. */
function rowNamed(name: string, own: readonly TimeFormat[] | undefined): FormatRow {
  const row = formatNamed(name, own);
  return row === undefined ? { name, aliases: [], description: 'your own pattern', samples: [] } : rowOf(row);
}

const rowOf = ({ name, aliases = [], description, samples }: TimeFormat): FormatRow => ({
  name,
  aliases: [...aliases],
  description,
  samples: samples.map(([line, instant]) => ({ line, instant })),
});
