import { isLetter, nextAfter } from '../kernel/stamp-bytes.ts';
import { NO_OFFSET } from '../kernel/stamp-layout.ts';
import { StampReader } from './reader.ts';
import type { ZoneBook } from './zone-book.ts';

const QUOTE = 34;
/** tz=\\"-0500\\": the line stands in a member of JSON. */
const BACKSLASH = 92;
/** timezone="(GMT-5:00)Eastern Time" (FortiWeb). */
const BRACKET = 40;

/** Reads the zone that stands in another field of a line than the time: `date=… time=… devname=… tz="-0500"`. */
export class FarZone {
  /** What was read last: an offset, the index of a zone in the book, or an abbreviation of several zones. */
  offset = NO_OFFSET;
  zoneIndex = 0;
  ambiguous = false;
  /** Where it stands. */
  at = 0;
  /** Whether it is written as an offset; an abbreviation is believed less than the user. */
  numeric = false;
  /** What stands behind its key and is no zone that is known, if there is something. */
  unread: string | undefined;
  private readonly keys: Uint8Array[];
  private readonly reader = new StampReader();

  constructor(keys: readonly string[], book: ZoneBook) {
    this.keys = keys.map((key) => new TextEncoder().encode(key));
    this.reader.book = book;
  }

  /** Looks for it in [from, end); false where there is none. */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    this.unread = undefined;
    for (let i = 0; i < this.keys.length; i++) {
      const behind = nextAfter(bytes, this.keys[i], from, end);
      if (behind < 0 || behind > end) continue;
      const bare = bytes[behind] === BACKSLASH ? behind + 1 : behind;
      const quoted = bytes[bare] === QUOTE ? bare + 1 : bare;
      const at = bytes[quoted] === BRACKET ? quoted + 1 : quoted;
      if (!this.reader.readZone(bytes, at, end)) {
        this.unread = valueAt(bytes, at, end);
        continue;
      }
      this.at = at;
      this.numeric = !isLetter(bytes[at]);
      this.offset = this.reader.offset;
      this.zoneIndex = this.reader.zoneIndex;
      this.ambiguous = this.reader.ambiguousZone;
      return true;
    }
    return false;
  }
}

const LONGEST = 48;

/** What stands there, up to a quote, or to a blank before another pair. */
const valueAt = (bytes: Uint8Array, at: number, end: number): string | undefined =>
  /^[^"\s][^",]*?(?=[",]| \S+=|$)/.exec(
    Buffer.from(bytes.subarray(at, Math.min(end, at + LONGEST))).toString('latin1'),
  )?.[0];
