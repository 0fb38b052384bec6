import { type Instant, instantOf } from '../core/instant.ts';
import { createStamper, detectStamp, formatNames, type StampSettings } from '../time/index.ts';
import { completeStamp, type LineRecord } from './line.ts';
import type { LineReading } from './types.ts';

/** Where stamps are looked for: in these texts, which are a line or the fields of one. */
export interface Sought {
  texts: readonly Uint8Array[];
  where: 'line' | 'field';
  settings: StampSettings;
}

type Rival = LineReading['rivals'][number] & { at: number };

/**
 * What each row of the table would read if it alone were asked, of the stamp chosen and of what stands beside it; the
 * first of those that read the same; without what is only a part of another, such as the time of a date and a time.
 */
export function rivalsOf(sought: Sought, chosen: LineRecord, now: Instant): LineReading['rivals'] {
  if (sought.settings.timeFormat !== undefined) return [];
  const found = [sought, ...besides(sought, chosen)]
    .flatMap((each) => formatNames(sought.settings.formats).flatMap((name) => readWith(name, each, now)))
    .filter(
      (rival) => rival.instant !== chosen.instant && !isChosen(rival, chosen) && !isPart(rival, chosen, sought.where),
    );
  return found
    .filter((rival, i) => found.findIndex((other) => isSame(other, rival)) === i)
    .filter((rival) => !found.some((other) => isPartOf(rival, { at: other.at, length: other.text.length })))
    .map(({ format, text, instant }) => ({ format, text, instant }));
}

const HASH = 0x23;

/** The line without the stamp chosen, in which a row that reads that one may read another. */
function besides(sought: Sought, { stamp }: LineRecord): Sought[] {
  if (sought.where === 'field' || stamp === undefined) return [];
  const texts = sought.texts.map((bytes) => {
    const line = Buffer.from(bytes).toString();
    const from = Buffer.byteLength(line.slice(0, stamp.at));
    const length = Buffer.byteLength(line.slice(stamp.at, stamp.at + stamp.length));
    // No format has this character: nothing is found across the place.
    return Uint8Array.from(bytes).fill(HASH, from, from + length);
  });
  return [{ ...sought, texts }];
}

/** The same row at the same place: alone it lacks the year or the zone that a stamp later in the line tells. */
const isChosen = ({ format, at }: Rival, chosen: LineRecord): boolean =>
  format === chosen.format && at === chosen.stamp?.at;

const isSame = (a: Rival, b: Rival): boolean => a.at === b.at && a.instant === b.instant;

/** The texts of fields do not lie in one line: there a place means nothing, a length does. */
function isPart(rival: Rival, { stamp }: LineRecord, where: Sought['where']): boolean {
  if (stamp === undefined) return true;
  return where === 'field' ? rival.text.length < stamp.length : isPartOf(rival, stamp);
}

const isPartOf = ({ at, text }: Rival, stamp: { at: number; length: number }): boolean =>
  text.length < stamp.length && at >= stamp.at && at + text.length <= stamp.at + stamp.length;

function readWith(timeFormat: string, { texts, where, settings }: Sought, now: Instant): Rival[] {
  const detected = detectStamp(texts, where, { ...settings, timeFormat });
  // Any number may count seconds from a start that nobody told.
  if (detected === undefined || detected.lacksStart) return [];
  const stamp = completeStamp(detected, texts, now);
  for (const bytes of texts) {
    const stamper = createStamper(stamp, { bytes });
    if (!stamper.read(0, bytes.length)) continue;
    const { at, length, high, low } = stamper;
    const text = Buffer.from(bytes);
    const before = text.toString('utf8', 0, at).length;
    return [
      { format: timeFormat, text: text.toString('utf8', at, at + length), instant: instantOf(high, low), at: before },
    ];
  }
  return [];
}
