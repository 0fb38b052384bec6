import { isDigit, isWord } from '../kernel/stamp-bytes.ts';
import { AMBIGUOUS_ZONE, APART, NAMED_ZONE, UNCERTAIN_ZONE, ZONED } from './met.ts';
import { AMBIGUOUS, packWord, USUAL, ZONE_WORDS } from './names.ts';
import * as part from './parts.ts';
import { ZoneBook } from './zone-book.ts';

const SPACE = 32;
const MINUS = 45;
const COLON = 58;
const EQUALS = 61;

/** Reads the zones of stamps: offsets, abbreviations, names of the tz database. Each method returns the zone's end, or −1. */
export class ZoneScanner {
  book = new ZoneBook();
  /** Index in the book of the zone that the stamp names; 0 where it names none, or an offset. */
  zoneIndex = 0;
  /** What was met of the stamp (met.ts). */
  has = 0;
  protected zoneOffset = 0;
  /** Where the zone lies that stands apart. */
  apartAt = 0;
  apartEnd = 0;

  /** Takes note of a zone, read up to `stop`, that a blank divides from its time, and that may be something else. */
  protected markApart(stop: number, bytes: Uint8Array, at: number, end: number): number {
    if (stop < 0 || bytes[at - 1] !== SPACE || (this.has & NAMED_ZONE) !== 0) return stop;
    if (part.isSurelyZone(bytes, at, stop) || (stop < end && part.isClosed(bytes, at, stop))) return stop;
    this.has |= APART;
    this.apartAt = at;
    this.apartEnd = stop;
    return stop;
  }

  protected numericZone(bytes: Uint8Array, at: number, end: number): number {
    // 12:10:16--5:00, as Check Point writes hours that have a sign of their own; 12:10--13:00 are two times.
    const isDoubled = bytes[at] === MINUS && bytes[at + 1] === MINUS && isDigit(bytes[at - 1]);
    const from = isDoubled ? at + 1 : at;
    const stop = part.offsetEnd(bytes, from, end);
    if (stop < 0 || (isDoubled && (stop - from !== 5 || bytes[stop - 3] !== COLON))) return -1;
    return this.zoneIs(part.offsetMinutes(bytes, from, stop), stop);
  }

  protected zone(bytes: Uint8Array, at: number, end: number): number {
    const numeric = this.numericZone(bytes, at, end);
    if (numeric >= 0 && (numeric >= end || !isWord(bytes[numeric]))) return numeric;
    const ruled = part.ruledZoneEnd(bytes, at, end);
    const slashed = ruled >= 0 ? ruled : ZoneBook.end(bytes, at, end);
    if (slashed >= 0) return this.zoneAt(this.book.named(bytes, at, slashed), slashed);
    const stop = part.shortWordEnd(bytes, at, end);
    if (stop < 0) return -1;
    const word = packWord(bytes, at, stop - at);
    const given = this.book.words.get(word);
    if (given !== undefined) return this.zoneAt(given, stop);
    if (bytes[stop] === EQUALS) return -1;
    const minutes = ZONE_WORDS.get(word) ?? part.bracketedZone(bytes, at, stop, end);
    if (minutes === undefined) return -1;
    if (minutes >= AMBIGUOUS) return this.doubtfulZone(minutes, stop);
    // GMT+0200, as JavaScript writes dates; a name of its own before a number is no zone we know.
    if (minutes !== 0 || !part.isSignedAt(bytes, stop, end)) {
      const spaced = minutes === 0 && bytes[stop] === 32 ? this.spacedZone(bytes, stop + 1, end) : -1;
      return spaced < 0 ? this.zoneIs(minutes, stop) : spaced;
    }
    const offset = this.numericZone(bytes, stop, end);
    return offset >= 0 ? offset : this.hourZone(bytes, stop, end);
  }

  /** GMT +2 (TIBCO), UTC +02:00: an offset that a blank divides from what it counts from. */
  private spacedZone(bytes: Uint8Array, at: number, end: number): number {
    if (!part.isSignedAt(bytes, at, end)) return -1;
    const full = this.numericZone(bytes, at, end);
    const stop = full >= 0 ? full : this.hourZone(bytes, at, end);
    return stop >= 0 && (stop >= end || part.endsWord(bytes[stop])) ? stop : -1;
  }

  /** UTC+2, GMT-3, UTC+5:30: an hour of one digit. Whatever else follows is no zone we know, and no UTC either. */
  private hourZone(bytes: Uint8Array, at: number, end: number): number {
    const colon = bytes[at + 2] === 58 && part.digitsEnd(bytes, at + 3, Math.min(end, at + 5)) === at + 5;
    const stop = colon ? at + 5 : at + 2;
    if (stop < end && (isWord(bytes[stop]) || bytes[stop] === 58)) return -1;
    const minutes = (bytes[at + 1] - 48) * 60 + (colon ? part.digitsValue(bytes, at + 3, at + 5) : 0);
    return this.zoneIs(bytes[at] === 45 ? -minutes : minutes, stop);
  }

  private doubtfulZone(minutes: number, stop: number): number {
    if (minutes === AMBIGUOUS) this.has |= AMBIGUOUS_ZONE;
    else {
      this.zoneIs(minutes - USUAL, stop);
      this.has |= UNCERTAIN_ZONE;
    }
    return stop;
  }

  private zoneAt(index: number, stop: number): number {
    if (index < 0) return -1;
    this.zoneIndex = index;
    this.has |= NAMED_ZONE;
    return stop;
  }

  private zoneIs(minutes: number, stop: number): number {
    this.zoneOffset = minutes * 60;
    this.has |= ZONED;
    this.has &= ~AMBIGUOUS_ZONE;
    return stop;
  }

  protected minutesOff(sign: number, least: number, bytes: Uint8Array, at: number, end: number): number {
    const isSigned = bytes[at] === 43 || bytes[at] === 45;
    const stop = part.digitsEnd(bytes, at + 1, Math.min(end, at + 5));
    if (!isSigned || stop < at + 1 + least || stop > at + 4) return -1;
    const minutes = part.digitsValue(bytes, at + 1, stop);
    return minutes > 840 ? -1 : this.zoneIs((bytes[at] === 45 ? -minutes : minutes) * sign, stop);
  }
}
