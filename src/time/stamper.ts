import { secondsOf } from '../core/instant.ts';
import type { Memory } from '../core/memory.ts';
import type { QuickStamps } from '../kernel/quick-stamps.ts';
import { LACKS_DATE, LACKS_NOTHING, LACKS_YEAR, NO_OFFSET } from '../kernel/stamp-layout.ts';
import { StampTemplate } from '../kernel/stamp-template.ts';
import { StampTemplates } from '../kernel/stamp-templates.ts';
import { compilePattern, type Program } from './compile.ts';
import { YearWalk } from './complete.ts';
import { AFTER_YEARLESS, AFTER_ZONELESS, withWords } from './continuations.ts';
import { noStamps, type StampCounters } from './counters.ts';
import { DayWalk } from './days.ts';
import { LocalClock } from './dst.ts';
import { FarZone } from './far-zone.ts';
import { localNames } from './month-names.ts';
import type { StampPlan } from './plan.ts';
import type { DatingMemory, PlannedStamper } from './planned-stamper.ts';
import { QuickDating } from './quick-dating.ts';
import { StampReader, type Years } from './reader.ts';
import { type Spot, spotOf } from './spot.ts';
import { parseZone, type Zone } from './zone.ts';
import { ZoneBook } from './zone-book.ts';

/** Shapes kept for a source: a few programs, or days and months whose names alternate. */
const TEMPLATES = 6;
/** In place of an offset: the abbreviation of the zone has several meanings. What is computed with it is its negative. */
const AMBIGUOUS = Number.NEGATIVE_INFINITY;
const TWO_16 = 65536;
const TWO_32 = 4294967296;

/**
 * Dates the lines or fields of one source, in the order of the file, as the plan says.
 * @param before what a stamper remembered at the place of the file where this one begins
 */
export function createStamper(plan: StampPlan, memory: Pick<Memory, 'bytes'>, before?: DatingMemory): PlannedStamper {
  const stamper = new TemplateStamper(plan, memory.bytes);
  if (before !== undefined) stamper.recall(before);
  return stamper;
}

type CompiledFormat = { program: Program; years: Years } & Record<Leniency, boolean>;
type Leniency = 'unpadded' | 'commas' | 'zonesApart' | 'zonesUnseen' | 'halvesApart';

/** 1 for the bytes with which a stamp may begin. Asking all formats for each byte took two thirds of making a stamper, and a source has up to three. */
function firstBytes(formats: readonly CompiledFormat[], localNames: boolean): Uint8Array {
  const firsts = formats.map(({ program }) => (localNames ? program.firstOfAny : program.first));
  if (firsts.length === 1) return firsts[0]; // of most sources
  const bytes = new Uint8Array(256);
  for (const first of firsts) for (let byte = 0; byte < 256; byte++) bytes[byte] |= first[byte];
  return bytes;
}

class TemplateStamper implements PlannedStamper {
  high = 0;
  low = 0;
  at = 0;
  length = 0;
  digits = 0;
  /** What the text that `read` looked at last was not believed for, if it was none of its stamps. */
  private refusal: 'refused' | 'ambiguous' | 'outOfRange' | undefined;
  readonly walk: YearWalk;
  readonly days: DayWalk;
  readonly clock: LocalClock;
  readonly counters: StampCounters = noStamps();
  private readonly bytes: Uint8Array;
  private readonly formats: CompiledFormat[];
  private readonly spot: Spot;
  /** Whether what stands where it reads is hardly anything but a stamp, so that one that names no instant is told of. */
  isSure = true;
  private readonly first: Uint8Array;
  /** What may follow a stamp without year: also a year, if some format has one there. */
  private readonly afterYearless: Uint8Array;
  private readonly afterZoneless: Uint8Array;
  readonly zone: Zone;
  private readonly zoneGiven: boolean;
  /** Whether stamps that name their year tell that of the others. */
  readonly yearsTell: boolean;
  readonly book: ZoneBook;
  private readonly farZone: FarZone | undefined;
  private readonly start: number;
  private readonly shift: { seconds: number; nanos: number };
  private readonly templates: StampTemplates;
  private readonly dating: QuickDating;
  readonly quick: QuickStamps;
  private readonly reader = new StampReader();

  constructor(plan: StampPlan, bytes: Uint8Array) {
    this.bytes = bytes;
    this.templates = new StampTemplates(bytes, TEMPLATES);
    this.formats = plan.formats.map(({ pattern, years, unpadded, ...others }) => {
      const { commas = true, zonesApart = true, zonesUnseen = false, halvesApart = true } = others;
      return { program: compilePattern(pattern), years, unpadded, commas, zonesApart, zonesUnseen, halvesApart };
    });
    this.first = firstBytes(this.formats, plan.localNames);
    this.spot = spotOf(plan.place, bytes, this.first, this);
    const words = Object.keys(plan.abbreviations ?? {});
    this.afterZoneless = withWords(AFTER_ZONELESS, words);
    const hasYears = this.formats.some((format) => format.program.year);
    this.afterYearless = hasYears ? withWords(AFTER_YEARLESS, words) : this.afterZoneless;
    this.zone = parseZone(plan.zone);
    this.zoneGiven = plan.zoneFrom === 'given';
    this.clock = new LocalClock(plan.dst, this.counters);
    this.book = new ZoneBook(plan.abbreviations);
    this.reader.book = this.book;
    if (plan.localNames) this.reader.names = localNames();
    const zoneAfter = plan.formats.flatMap((format) => format.zoneAfter ?? []);
    this.farZone = zoneAfter.length === 0 ? undefined : new FarZone(zoneAfter, this.book);
    this.start = plan.start;
    this.shift = secondsOf(plan.shift);
    this.walk = new YearWalk(plan.year);
    this.days = new DayWalk(plan.day);
    this.yearsTell = plan.lacksYear && !plan.lacksDate && plan.yearFrom !== 'given';
    this.dating = new QuickDating([this.afterYearless, this.afterZoneless], this);
    this.dating.tellPlace(plan.place, this.first);
    this.quick = this.dating.stamps;
  }

  remember(): DatingMemory {
    return { years: this.walk.remember(), days: this.days.remember(), clock: this.clock.remember() };
  }

  recall({ years, days, clock }: DatingMemory): void {
    if (years.records > 0) this.walk.recall(years);
    if (days.records > 0) this.days.recall(days);
    this.clock.recall(clock);
  }

  read(start: number, end: number): boolean {
    this.refusal = undefined;
    return this.spot.read(start, end) || this.countRefusal();
  }

  /** Counted when all places of a text were looked at: several may have a stamp that names no instant, and another one that does. */
  private countRefusal(): false {
    if (this.refusal !== undefined) this.counters[this.refusal]++;
    return false;
  }

  get refused(): boolean {
    return this.refusal !== undefined;
  }

  readField(from: number, to: number): boolean {
    const found = this.find(from, to);
    return found !== undefined && found.length === to - from && this.date(found, from, to, from);
  }

  /** @param from where the text begins that the stamps of lines like this one share */
  readAt(at: number, end: number, from: number): boolean {
    const found = this.find(at, end);
    return found !== undefined && this.date(found, at, end, from);
  }

  private date(found: StampTemplate | StampReader, at: number, end: number, from: number): boolean {
    if (found.lacks !== LACKS_NOTHING || this.yearsTell) this.quick.clear();
    if (!this.take(found, at, end)) return false;
    if (found instanceof StampTemplate && this.farZone === undefined) this.dating.learn(found, from, this);
    return true;
  }

  private find(at: number, end: number): StampTemplate | StampReader | undefined {
    return this.templates.read(at, end) ?? this.findSlowly(at, end);
  }

  private findSlowly(at: number, end: number): StampReader | undefined {
    const reader = this.reader;
    const formats = this.formats;
    let impossible = false;
    for (let i = 0; i < formats.length; i++) {
      const { program, years, unpadded, commas, zonesApart, zonesUnseen, halvesApart } = formats[i];
      reader.unpadded = unpadded;
      reader.commas = commas;
      reader.zonesApart = zonesApart;
      reader.halvesApart = halvesApart;
      if (!reader.read(program, years, this.bytes, at, end)) {
        impossible ||= reader.impossible;
        continue;
      }
      this.counters.slow++;
      if (reader.cut) this.counters.cut++;
      if (zonesUnseen && reader.leftZone && reader.isWrittenZone(this.bytes)) this.counters.leftZones++;
      if (reader.ambiguousZone && !this.zoneGiven) {
        this.refuse(-AMBIGUOUS);
        return undefined;
      }
      this.learn(reader, at, end);
      return reader;
    }
    if (this.isSure && (impossible || this.looksWritten(at, end))) this.refuse(Number.NaN);
    return undefined;
  }

  /** Whether what stands there has the shape of a stamp, with numbers that no day or clock has (27:61, month 13). */
  private looksWritten(at: number, end: number): boolean {
    return this.formats.some(({ program }) => this.reader.looksWritten(program, this.bytes, at, end));
  }

  private learn(reader: StampReader, at: number, end: number): void {
    // A cut fraction is counted for every record, and a template would not tell.
    // Nor would it tell a no-break space, behind which AM or PM may stand, from other letters.
    if (!reader.learnable || reader.cut || this.bytes[at + reader.length] >= 0xc2) return;
    reader.continuation =
      reader.lacks === LACKS_YEAR
        ? this.afterYearless
        : reader.offset === NO_OFFSET && reader.zoneIndex === 0
          ? this.afterZoneless
          : undefined;
    this.templates.learn(at, end, reader);
  }

  /** Makes of what was found the instant: year, zone, shift, two words. */
  private take(found: StampTemplate | StampReader, at: number, end: number): boolean {
    const seconds = found.lacks === LACKS_NOTHING ? found.seconds : this.complete(found);
    const offset =
      found.offset === NO_OFFSET ? this.offsetOf(found.zoneIndex, seconds, at + found.length, end) : found.offset;
    // NaN: 29 February in no leap year, or refused by the DST rule. Infinite: of a zone whose name has several meanings.
    if (!(seconds - offset <= TWO_32 * 4)) return this.refuse(seconds - offset);
    const { shift } = this;
    if (!this.toWords(seconds - offset + shift.seconds, found.nanos + shift.nanos)) return this.refuse(seconds);
    if (this.yearsTell && found.lacks === LACKS_NOTHING) this.walk.meet(seconds);
    if (found.digits > this.digits) this.digits = found.digits;
    this.at = at;
    this.length = found.length;
    this.counters.dated++;
    return true;
  }

  private complete(found: StampTemplate | StampReader): number {
    if (found.lacks === LACKS_YEAR) {
      this.walk.offset = found.offset;
      return this.walk.complete(found.seconds);
    }
    if (found.lacks !== LACKS_DATE) return found.seconds + this.start;
    this.days.offset = found.offset;
    return this.days.complete(found.seconds);
  }

  /** Seconds from UTC to local time, for a stamp without an offset; NaN where it is refused. */
  private offsetOf(zoneIndex: number, local: number, from: number, end: number): number {
    if (zoneIndex > 0) return this.clock.offsetOf(this.book.zones[zoneIndex]!, local);
    const far = this.farZone;
    if (far?.read(this.bytes, from, end)) {
      if (far.zoneIndex > 0) return this.clock.offsetOf(this.book.zones[far.zoneIndex]!, local);
      if (far.offset !== NO_OFFSET && (far.numeric || !this.zoneGiven)) return far.offset;
      if (far.ambiguous && !this.zoneGiven) return AMBIGUOUS;
    }
    this.counters.naive++;
    return this.clock.offsetOf(this.zone, local);
  }

  private refuse(seconds: number): false {
    if (seconds === -AMBIGUOUS) this.refusal = 'ambiguous';
    else this.refusal = Number.isNaN(seconds) ? 'refused' : 'outOfRange';
    return false;
  }

  /**
   * Nanoseconds in two 32-bit words without a BigInt (66 ns each): the seconds are taken in two halves, so that every
   * product stays below 2^53.
   */
  private toWords(seconds: number, nanos: number): boolean {
    const upper = Math.floor(seconds / TWO_16);
    const product = upper * 1e9;
    const productHigh = Math.floor(product / TWO_16);
    const rest = (product - productHigh * TWO_16) * TWO_16 + (seconds - upper * TWO_16) * 1e9 + nanos;
    const carry = Math.floor(rest / TWO_32);
    const high = productHigh + carry;
    this.high = high | 0;
    this.low = (rest - carry * TWO_32) | 0;
    return this.high === high;
  }
}
