import { isUtf8 } from 'node:buffer';
import type { Instant } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import type { InputPlan, Sample, Texts } from '../core/stages.ts';
import {
  fieldNames,
  otherTimes,
  recogniseInput,
  type SampleView,
  sampleTexts,
  viewSample,
  zoneTold,
} from '../input/index.ts';
import type { LinePrefix, OpenSource } from '../source/index.ts';
import { createStamper, detectStamp, rateStamps, type StampPlan, UTC } from '../time/index.ts';
import type { SourcePlan } from './data.ts';
import type { SourceSettings } from './settings.ts';
import { inToldZone } from './told-zone.ts';

const LF = 10;

/**
 * Finds out how a source is cut into records and dated, from samples of several of its places.
 * @param now counts as the modification time of what has none, such as a pipe
 * @throws TsalignError 'no-timestamp' where no instant is found in it, with what to type.
 */
export async function recogniseSource(
  open: Pick<OpenSource, 'path' | 'label' | 'modified'>,
  sample: Sample,
  settings: SourceSettings,
  now: Instant,
): Promise<Omit<SourcePlan, 'path' | 'label' | 'series' | 'open' | 'mayStream' | 'searched' | 'taking'>> {
  // By the file's own name, whose ending may promise a format; a label need not have it.
  const name = open.path.path === '-' ? open.label : open.path.path;
  const { view, input, texts, stamp } = recogniseSample(sample, settings, { name, modified: open.modified ?? now });
  if (stamp === undefined && !isEmpty(sample, texts)) throw noTimestamp(open, input, sample, texts, settings);
  const firstText = stamp === undefined ? undefined : firstDated(texts, stamp);
  const timeFormatGiven = settings.stamp.timeFormat !== undefined;
  const others = stamp === undefined ? [] : [...otherTimes(view, input, rateStamps), ...rivalPlaces(stamp)];
  const utf8 = sample.pieces.every(isText);
  const names = settings.wantsNames ? fieldNames(view, input) : [];
  const abbreviations = wordsIn(sample, [...(settings.stamp.abbreviations?.keys() ?? [])]);
  return { input, stamp, otherTimes: others, firstText, timeFormatGiven, utf8, fieldNames: names, abbreviations };
}

/** Which of these words stand somewhere in a sample, in any case; a time may stand before one without a blank. */
const wordsIn = ({ pieces }: Sample, words: readonly string[]): string[] =>
  words.filter((word) =>
    pieces.some((piece) => new RegExp(`(?<![a-z_])${word}\\b`, 'i').test(Buffer.from(piece).toString('latin1'))),
  );

/** A smaller share of lines with another stamp says nothing of the records. */
const RIVAL = 0.5;

const rivalPlaces = ({ rivals }: StampPlan): string[] =>
  rivals.filter(({ dated }) => dated >= RIVAL).map(({ where, formats }) => `${formats.join(', ')} ${where}`);

/** What a sample shows: how its source is cut into records, and how the texts in which their stamps stand are read. */
interface Recognised {
  view: SampleView;
  input: InputPlan;
  texts: Texts;
  stamp: StampPlan | undefined;
}

interface About {
  name: string;
  modified: Instant;
}

/** The same of a sample, without a stamp where none was found. */
export function recogniseSample(sample: Sample, settings: SourceSettings, about: About): Recognised {
  const view = viewSample(sample);
  try {
    return recogniseView(view, settings, about);
  } catch (error) {
    const isUntold = settings.format === undefined && settings.timeField === undefined;
    const found = isUntold && isNoTimestamp(error) ? asLines(view, settings, about) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

function recogniseView(view: SampleView, settings: SourceSettings, { name, modified }: About): Recognised {
  const input = recogniseInput(view, { ...settings, zoneGiven: settings.stamp.zone !== undefined }, name, rateStamps);
  const texts = sampleTexts(view, input);
  const zone = settings.stamp.zone ?? (input.format === 'w3c' && input.utc ? UTC : undefined);
  const where = input.format === 'text' ? 'line' : 'field';
  const found = detectStamp(texts, where, { ...settings.stamp, zone, name, modified });
  const asksZone = found?.naive === true && found.zoneFrom === 'default';
  const stamp = asksZone ? inToldZone(found, zoneTold(view, input)) : found;
  return { view, input, texts, stamp };
}

const isNoTimestamp = (error: unknown): error is TsalignError =>
  error instanceof TsalignError && error.problem.code === 'no-timestamp';

/** Share of lines that must have a stamp, so that each is a record. */
const EACH_LINE = 0.9;

/** Where no field holds a time and nothing else, as in JSON around lines of another log: its lines by the stamps in them. */
function asLines(view: SampleView, settings: SourceSettings, about: About): Recognised | undefined {
  const found = recogniseView(view, { ...settings, format: 'text' }, about);
  const { stamp } = found;
  if (stamp === undefined || stamp.dated < EACH_LINE) return undefined;
  const doubt = {
    what: 'no field holds a time and nothing else; its lines are read as text, by the stamps inside them',
    hint: 'give --input-format text if that is right, else --time-field',
  };
  return { ...found, stamp: { ...stamp, doubts: [doubt, ...stamp.doubts] } };
}

/** Texts that are looked at together: most sources begin with one that has an instant. */
const LOOKED_AT = 16;

/** A copy of the first text that has an instant: the sample itself must not be kept, it is 192 KiB for each source. */
function firstDated(texts: Texts, stamp: StampPlan): Uint8Array | undefined {
  for (let from = 0; from < texts.length; from += LOOKED_AT) {
    const some = Array.from({ length: Math.min(LOOKED_AT, texts.length - from) }, (_, i) => texts.at(from + i));
    const found = firstDatedOf(some as Uint8Array[], stamp);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstDatedOf(texts: readonly Uint8Array[], stamp: StampPlan): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.max(0, ...texts.map((text) => text.length)));
  const stamper = createStamper(stamp, { bytes });
  const found = texts.find((text) => {
    bytes.set(text);
    return stamper.read(0, text.length);
  });
  return found && Uint8Array.from(found);
}

/** Whether a piece is UTF-8, but for a character that may be cut at its end. */
function isText(piece: Uint8Array): boolean {
  return isUtf8(piece) || isUtf8(piece.subarray(0, piece.lastIndexOf(LF) + 1));
}

/** Whether there is nothing that could have a stamp: no bytes, or a CSV header and no rows. */
function isEmpty(sample: Sample, texts: Texts): boolean {
  return sample.whole && texts.length === 0;
}

/** Where it is looked, of what is long. */
const PLACES = 'at its beginning, middle or end';

function noTimestamp(
  { label, path }: Pick<OpenSource, 'label' | 'path'>,
  input: InputPlan,
  sample: Sample,
  texts: Texts,
  { stamp: { timeFormat }, timeField }: SourceSettings,
): TsalignError {
  const named = timeField === undefined ? '' : `the field "${timeField}" of `;
  const held = timeField === undefined ? '' : heldBy(texts);
  const looked =
    input.format === 'text' ? (sample.whole ? 'in it' : PLACES) : `in ${named}its ${input.format} records${held}`;
  const damage = sample.damage === undefined ? '' : ` (${sample.damage.what})`;
  return new TsalignError({
    code: 'no-timestamp',
    where: label,
    what: `${timeFormat === undefined ? 'no timestamp' : `nothing that is written as "${timeFormat}"`} was found ${looked}${damage}`,
    hint: hintFor(path.member?.prefixedBy, timeFormat),
  });
}

/** Most characters of a value that are shown. */
const SHOWN = 40;

/** What stands in a field that was named and holds no time: it shows what there is to describe, or that the name is wrong. */
function heldBy(texts: Texts): string {
  const first = Buffer.from(texts.at(0) ?? []).toString();
  if (first === '') return '';
  return `, which holds "${first.length > SHOWN ? `${first.slice(0, SHOWN)}…` : first}"`;
}

function hintFor(prefix: LinePrefix | undefined, timeFormat: string | undefined): string {
  if (timeFormat !== undefined) return 'mend or drop --time-format';
  if (prefix === undefined) return 'describe it with --time-format';
  return `let ${prefix.program} write timestamps (${prefix.timestamps}), or take all lines as they stand with --input-format text`;
}
