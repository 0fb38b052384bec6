import { isLetter } from '../kernel/stamp-bytes.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import type { StampReader } from './reader.ts';
import { ZONE_MINUTES } from './zone-names.ts';

/** What stands behind stamps, and may say something of their instants that is not read: it is told. */

/** The longest name that Windows has for a zone is behind a blank and a bracket. */
const LONGEST = 48;
/** +1 */
const HOURS = /^ ?([+-]\d)(?=[ \])]|$)/;
/** +01.00, -05h, GMT+5.5, TZ=+01:00, tz:-0500 */
const ODD_HOURS = /^ ?[([]?((?:GMT|UTC)?[+-]\d\d?[.h]\d*|tz[=:][+-]\d\d?:?\d*)(?![\w.])/i;
/** (Eastern Daylight Time), W. Europe Standard Time, Pacific, ET */
const WORDS =
  /^ [([]?((?:[A-Z][A-Za-z.]+ ){1,3}(?:Standard|Daylight|Summer) Time|(?:Eastern|Central|Mountain|Pacific)(?: Time)?|[ECMP]T)(?![\w.:=[-])/;
/** FOO, at once behind the time: of the words in capitals those that are known are read. */
const GLUED = /^([A-Z]{2,5})(?![\w.-])/;
/** Czech, German, Turkish, Vietnamese, Malay, Swedish, Finnish, Hungarian, Slovene, Afrikaans, Ukrainian, as CLDR has them. */
const HALVES =
  /^[ \u00a0\u202f]?(dop\.|odp\.|pop\.|vorm\.|nachm\.|ÖÖ|ÖS|SA|CH|PG|PTG|fm|em|ap\.|ip\.|de\.|du\.|vm\.|nm\.|дп|пп)(?=[\s,;\]|]|$)/;

/**
 * Zones are read in capitals only, since a host may be called `est`, and neither offsets of one digit nor names of several
 * words: what may be one all the same.
 */
export function unreadZone(text: Uint8Array, at: number, reader: StampReader): string | undefined {
  if (reader.offset !== NO_OFFSET || reader.zoneIndex > 0 || !mayBeginZone(text[at])) return undefined;
  const behind = behindStamp(text, at);
  const known = [HOURS, ODD_HOURS, WORDS, GLUED]
    .map((each) => each.exec(behind)?.[1])
    .find((found) => found !== undefined);
  if (known !== undefined) return known;
  const word = /^ ?([a-z]{3,5})(?![a-z0-9_.-])/.exec(behind)?.[1];
  return word !== undefined && ZONE_MINUTES[word.toUpperCase()] !== undefined ? word : undefined;
}

/** The half of a day in a language of which it is not read. */
export const unreadHalf = (text: Uint8Array, at: number, { half }: StampReader): string | undefined =>
  half > 0 || at >= text.length ? undefined : HALVES.exec(behindStamp(text, at))?.[1];

const behindStamp = (text: Uint8Array, at: number): string =>
  Buffer.from(text.subarray(at, at + LONGEST)).toString('utf8');

const SPACE = 32;
const mayBeginZone = (byte: number | undefined): boolean =>
  byte === SPACE || byte === 43 || byte === 45 || (byte !== undefined && isLetter(byte));
