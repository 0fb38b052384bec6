import { MARK_FIRST } from '../kernel/byte-order-mark.ts';
import { QuickStamps } from '../kernel/quick-stamps.ts';
import { LACKS_DATE, LACKS_NOTHING, LACKS_YEAR, NO_OFFSET } from '../kernel/stamp-layout.ts';
import type { StampTemplate } from '../kernel/stamp-template.ts';
import type { YearWalk } from './complete.ts';
import { type DayWalk, LATE } from './days.ts';
import type { LocalClock } from './dst.ts';
import { OPENING_BYTES, type Place } from './place.ts';
import { ONCE, type Zone } from './zone.ts';
import type { ZoneBook } from './zone-book.ts';

/** Seconds in which the upper word of a key grows by one. */
const WORD_SECONDS = 2 ** 32 / 1e9;
/** Upper words of keys beyond which an instant of the same day may be out of range: a day has 20,117 of them. */
const FAR = 2 ** 31 - 2 ** 16;
/** Learning takes ten times as long as reading: where it seldom pays, it is tried only now and then. */
const MOST_CREDIT = 64;
const NOW_AND_THEN = 32;

/** The parts of a stamper that stamps read by the kernel concern. */
interface Dating {
  readonly at: number;
  readonly high: number;
  readonly low: number;
  readonly counters: { dated: number; naive: number };
  readonly clock: LocalClock;
  readonly walk: YearWalk;
  readonly days: DayWalk;
  readonly yearsTell: boolean;
  readonly zone: Zone;
  readonly book: ZoneBook;
}

/**
 * Decides which stamps the kernel may read by itself, and keeps what the order of the file tells (years, repeated hours)
 * as if the stamper had read them: those of a layout and an offset that the stamper has just found. Among stamps without
 * a year only the last day is known to it, since another one may be that of another year, and among those without a date
 * only the half hour around the last one, since a step back may be the next day.
 */
export class QuickDating {
  readonly stamps: QuickStamps;
  private readonly dating: Dating;
  /** Of all shapes: what they lack, and whether they need the clock of a zone. */
  private lacks = LACKS_NOTHING;
  private zoned = false;
  /** Of each shape: seconds from those that its stamps tell, which may lack a year or a date, to those of the zone's clock. */
  private readonly ahead: number[] = [];
  /** Of each shape: 1 where it names no zone. */
  private readonly naive: number[] = [];
  private credit = MOST_CREDIT;
  private asked = 0;

  constructor(tables: readonly Uint8Array[], dating: Dating) {
    this.dating = dating;
    this.stamps = new QuickStamps(tables, (count, shape, clock) => this.settled(count, shape, clock));
  }

  /** Tells the kernel where stamps stand, if it is one place in lines; `first` marks the bytes with which one may begin. */
  tellPlace(place: Place, first: Uint8Array): void {
    const { stamps } = this;
    if (place.kind === 'start') {
      const may = Uint8Array.from(OPENING_BYTES);
      if (place.openings.includes('none')) for (let byte = 0; byte < may.length; byte++) may[byte] |= first[byte];
      may[MARK_FIRST] = 1;
      stamps.standAtStart(may);
    } else if (place.kind === 'inside') {
      stamps.standInside(Buffer.from(place.before, 'latin1'), place.within, place.indented, first);
    }
  }

  /** Takes up the stamp that was read last, in a text that begins at `from`. */
  learn(template: StampTemplate, from: number, { at, high, low }: Dating): void {
    if (!this.stamps.isUsed) return;
    const { lacks, offset, zoneIndex } = template;
    const { clock, book } = this.dating;
    const zoned = offset === NO_OFFSET;
    if (lacks !== this.lacks || zoned !== this.zoned) this.stamps.clear();
    this.lacks = lacks;
    this.zoned = zoned;
    if (this.credit <= 0 && ++this.asked % NOW_AND_THEN !== 0) return;
    const zone = zoneIndex > 0 ? (book.zones[zoneIndex] as Zone) : this.dating.zone;
    if (Math.abs(high) > FAR || (zoned && (template.epochDigits > 0 || zone.kind !== ONCE))) return;
    const ahead = zoned ? clock.previous - template.seconds : 0;
    const span = spanOf(template, high, zoned ? zone : undefined, ahead);
    const anyDate = lacks === LACKS_NOTHING;
    const shape = this.stamps.add({ template, from, at, high, low, anyDate, ...span });
    if (shape < 0) return;
    this.credit--;
    this.ahead[shape] = ahead;
    this.naive[shape] = zoned && zoneIndex === 0 ? 1 : 0;
  }

  private settled(count: number, shape: number, seconds: number): void {
    const { counters, walk, days, yearsTell } = this.dating;
    this.credit = Math.min(MOST_CREDIT, this.credit + count);
    counters.dated += count;
    counters.naive += count * this.naive[shape];
    if (this.lacks === LACKS_YEAR) walk.passed(seconds, count);
    if (this.lacks === LACKS_NOTHING && yearsTell) walk.meet(seconds);
    if (this.lacks === LACKS_DATE) days.passed(seconds, count);
    if (this.zoned) this.dating.clock.previous = seconds + this.ahead[shape];
  }
}

/** How far before a time others of its day are read by the kernel: lines of several threads are seconds late. */
const BEFORE = 300;

/**
 * Between which seconds other stamps can be read like one whose key has this upper word: all must be keys, too, in a year that is
 * taken for one, and at the same offset. Times without a date must be on one day with it, in whatever order they come.
 * @param ahead of the seconds of the stamp, those of the zone
 */
function spanOf(template: StampTemplate, high: number, zone: Zone | undefined, ahead: number) {
  const { seconds, lacks, epochLow, epochHigh } = template;
  const middle = seconds - high * WORD_SECONDS;
  const spans = [
    [epochLow, epochHigh],
    [middle - FAR * WORD_SECONDS, middle + FAR * WORD_SECONDS],
  ];
  if (zone !== undefined) spans.push([zone.low - ahead, zone.high - ahead]);
  if (lacks === LACKS_DATE) spans.push([seconds - BEFORE, seconds - BEFORE + LATE]);
  return { earliest: Math.max(...spans.map(([low]) => low)), before: Math.min(...spans.map(([, high]) => high)) };
}
