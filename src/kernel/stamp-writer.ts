import {
  DAY_SECONDS,
  type Digits,
  type Instant,
  instantOf,
  MAX_INSTANT,
  MIN_INSTANT,
  NANOS_PER_SECOND,
  secondsOf,
} from '../core/instant.ts';

/** Minutes east of UTC at an instant, given as whole seconds since 1970. */
export type OffsetAt = (seconds: number) => number;

/** How stamps are written. */
export interface StampStyle {
  /** Fraction digits. */
  digits: Digits;
  /** What becomes of an instant that has more digits: written in full, or cut (never rounded). */
  finer: 'full' | 'cut';
  /** Left out: UTC, written `Z`. Else the offset is written as `+05:30`; an offset of whole minutes, as RFC 3339 has no others. */
  offsetAt?: OffsetAt | undefined;
}

const NANOS = 1_000_000_000;
const QUARTER = 900;
/** `2024-03-10T06:59:58` */
const SECONDS_LENGTH = 19;
/** Most bytes of a stamp: `2024-03-10T06:59:58.123456789+05:30`. */
export const STAMP_ROOM = 35;
/** Below this a difference of keys is exact as a double: 52 days. */
const EXACT = 2 ** 52;

/**
 * Writes instants as RFC 3339 stamps. It keeps the text of the current second and rewrites only what differs: in sorted
 * output most records share their second with the one before, and nearly all of them their day.
 */
export class StampWriter {
  /** The stamp of the second last placed, fraction digits as zeros. */
  readonly text = new Uint8Array(STAMP_ROOM);
  readonly length: number;
  readonly digits: Digits;
  /** Nanoseconds of the last placed instant above its second. */
  nanos = 0;
  readonly #offsetAt: OffsetAt | undefined;
  /** Instants that are no multiple of so many nanoseconds are written with more digits. */
  readonly finest: number;
  #high = 0;
  #low = 0;
  #seconds = 0;
  #offset = 0;
  #day = Number.NaN;

  constructor({ digits, finer, offsetAt }: StampStyle) {
    this.digits = digits;
    this.#offsetAt = offsetAt;
    this.finest = finer === 'full' ? 10 ** (9 - digits) : 1;
    const fraction = digits === 0 ? '' : `.${'0'.repeat(digits)}`;
    const form = `0000-00-00T00:00:00${fraction}${offsetAt === undefined ? 'Z' : '+00:00'}`;
    this.text.set(Buffer.from(form));
    this.length = form.length;
    this.#rewrite();
  }

  /** Takes the instant with these key words (`low` signed or unsigned) as the current one. */
  place(high: number, low: number): void {
    const above = (high - this.#high) * 4294967296 + ((low >>> 0) - this.#low);
    if (above >= 0 && above < NANOS) this.nanos = above | 0;
    else this.#move(high, low >>> 0, above);
  }

  /** Whether the placed instant is to be written with more digits than `text` has. */
  isFiner(): boolean {
    return this.nanos % this.finest !== 0;
  }

  /**
   * The keys from `low` to before `high` have the date and the zone of the placed instant: their clock counts from the key
   * `day`. `second` is the key of `text`. Undefined for a day that is not whole within the range of keys.
   */
  span(): { second: Instant; day: Instant; low: Instant; high: Instant } | undefined {
    const second = instantOf(this.#high, this.#low);
    const local = this.#seconds + this.#offset * 60;
    const clock = local - Math.floor(local / DAY_SECONDS) * DAY_SECONDS;
    const keyAt = (seconds: number) => second + BigInt(seconds - clock) * NANOS_PER_SECOND;
    const day = keyAt(0);
    if (day < MIN_INSTANT || keyAt(DAY_SECONDS) > MAX_INSTANT) return undefined;
    if (this.#offsetAt === undefined) return { second, day, low: day, high: keyAt(DAY_SECONDS) };
    return { second, day, low: second, high: keyAt(this.#zoneEnd(clock)) };
  }

  /** Until which second of the day the zone's offset holds: to the next quarter of an hour, in which no zone changes twice. */
  #zoneEnd(clock: number): number {
    const end = (Math.floor(clock / QUARTER) + 1) * QUARTER;
    const last = this.#seconds + end - 1 - clock;
    return Math.round(this.#offsetAt?.(last) ?? 0) === this.#offset ? end : clock + 1;
  }

  /** Puts the fraction digits of the placed instant at bytes[at …]. */
  pokeFraction(bytes: Uint8Array, at: number): void {
    if (this.digits === 0) return;
    const nanos = this.nanos;
    const millis = (nanos / 1_000_000) | 0;
    pokeThree(bytes, at, millis);
    if (this.digits === 3) return;
    const rest = nanos - millis * 1_000_000;
    const micros = (rest / 1000) | 0;
    pokeThree(bytes, at + 3, micros);
    if (this.digits === 9) pokeThree(bytes, at + 6, rest - micros * 1000);
  }

  /** Writes the stamp of the placed instant at bytes[at …], where STAMP_ROOM bytes must be free. Returns its end. */
  write(bytes: Uint8Array, at: number): number {
    if (this.isFiner()) return this.#writeFiner(bytes, at);
    const { text, length } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = text[i];
    this.pokeFraction(bytes, at + SECONDS_LENGTH + 1);
    return at + length;
  }

  /** With the fewest of 3, 6 or 9 digits that lose nothing. */
  #writeFiner(bytes: Uint8Array, at: number): number {
    const { text, nanos } = this;
    const digits = nanos % 1_000_000 === 0 ? 3 : nanos % 1000 === 0 ? 6 : 9;
    for (let i = 0; i < SECONDS_LENGTH; i++) bytes[at + i] = text[i];
    let end = at + SECONDS_LENGTH;
    bytes[end++] = 46;
    for (let i = 0, rest = nanos; i < digits; i++) {
      const unit = 10 ** (8 - i);
      const digit = (rest / unit) | 0;
      bytes[end++] = 48 + digit;
      rest -= digit * unit;
    }
    for (let i = this.#zoneAt(); i < this.length; i++) bytes[end++] = text[i];
    return end;
  }

  #zoneAt(): number {
    return SECONDS_LENGTH + (this.digits === 0 ? 0 : this.digits + 1);
  }

  #move(high: number, low: number, above: number): void {
    if (above > -EXACT && above < EXACT) {
      let carry = Math.floor(above / NANOS);
      let nanos = above - carry * NANOS;
      // The quotient is rounded: next to a whole second it may land on the wrong side.
      if (nanos < 0) {
        carry--;
        nanos += NANOS;
      }
      this.nanos = nanos;
      this.#seconds += carry;
    } else {
      const { seconds, nanos } = secondsOf(instantOf(high, low));
      this.nanos = nanos;
      this.#seconds = seconds;
    }
    const borrow = low < this.nanos ? 1 : 0;
    this.#high = high - borrow;
    this.#low = low - this.nanos + borrow * 4294967296;
    this.#rewrite();
  }

  #rewrite(): void {
    if (this.#offsetAt !== undefined) this.#writeZone(Math.round(this.#offsetAt(this.#seconds)));
    const local = this.#seconds + this.#offset * 60;
    const day = Math.floor(local / DAY_SECONDS);
    if (day !== this.#day) this.#writeDay(day);
    const time = local - day * DAY_SECONDS;
    const hour = (time / 3600) | 0;
    const minute = ((time / 60) | 0) - hour * 60;
    pokeTwo(this.text, 11, hour);
    pokeTwo(this.text, 14, minute);
    pokeTwo(this.text, 17, time % 60);
  }

  #writeZone(offset: number): void {
    if (offset === this.#offset) return;
    this.#offset = offset;
    const at = this.#zoneAt();
    const size = Math.abs(offset);
    this.text[at] = offset < 0 ? 45 : 43;
    pokeTwo(this.text, at + 1, (size / 60) | 0);
    pokeTwo(this.text, at + 4, size % 60);
  }

  /** Proleptic Gregorian calendar, by years that begin in March (Howard Hinnant, days_from_civil turned round). */
  #writeDay(day: number): void {
    this.#day = day;
    const shifted = day + 719_468;
    const era = Math.floor(shifted / 146_097);
    const dayOfEra = shifted - era * 146_097;
    const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
    const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
    const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
    const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
    const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    pokeTwo(this.text, 0, (year / 100) | 0);
    pokeTwo(this.text, 2, year % 100);
    pokeTwo(this.text, 5, month);
    pokeTwo(this.text, 8, dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1);
  }
}

function pokeTwo(bytes: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0;
  bytes[at] = 48 + tens;
  bytes[at + 1] = 48 + value - tens * 10;
}

function pokeThree(bytes: Uint8Array, at: number, value: number): void {
  const hundreds = (value / 100) | 0;
  bytes[at] = 48 + hundreds;
  pokeTwo(bytes, at + 1, value - hundreds * 100);
}
