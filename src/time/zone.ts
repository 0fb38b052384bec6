import { DAY_SECONDS } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import { dayNumber } from '../kernel/calendar.ts';
import { ianaZones } from './iana.ts';
import { fromWindows, windowsNames } from './windows-zones.ts';
import { AMBIGUOUS_ZONES, ZONE_MINUTES } from './zone-names.ts';

/** How many instants a local time is: one; two (the clock was set back); none (it was set forward over it). */
export const ONCE = 0;
export const TWICE = 1;
export const NEVER = 2;

/** A change of a zone's offset: from this UTC second on, `after` holds. */
export interface Transition {
  at: number;
  before: number;
  after: number;
}

/** Offsets are looked up this far apart. No zone has kept an offset for less since 1950; luxon takes 6 µs a look. */
const PROBE_STEP = 4 * DAY_SECONDS;

/**
 * The offsets of one zone, found by bisection and kept. `locate` puts into the fields what holds for a local time and
 * for all others in [low, high), so that a reader asks only where it leaves that range.
 */
export class Zone {
  readonly name: string;
  /** Local seconds between which the other fields hold. */
  low = 0;
  high = 0;
  /** ONCE, TWICE or NEVER. */
  kind = ONCE;
  /** Seconds from UTC to local time; for TWICE the one of the earlier instant, for NEVER the one before the gap. */
  offset = 0;
  /** For TWICE and NEVER the offset after the change. */
  later = 0;
  readonly #offsetAt: (seconds: number) => number;
  readonly #transitions = new Map<number, Transition[]>();

  constructor(name: string, offsetAt: number | ((seconds: number) => number)) {
    this.name = name;
    this.#offsetAt = typeof offsetAt === 'number' ? () => offsetAt : offsetAt;
    if (typeof offsetAt === 'number') this.#holds(-Infinity, Infinity, ONCE, offsetAt, offsetAt);
  }

  /** Whether its offset never changes. */
  get isFixed(): boolean {
    return this.low === -Infinity;
  }

  /** Finds what holds at a local time given in seconds since 1970-01-01T00:00:00 local. */
  locate(local: number): void {
    if (!this.isFixed) this.#search(local);
  }

  #search(local: number): void {
    const year = yearOf(local);
    let low = startOf(year - 1) + DAY_SECONDS;
    let offset = this.#offsetAt(startOf(year - 1) - 1);
    for (const { at, before, after } of [year - 1, year, year + 1].flatMap((each) => this.#transitionsOf(each))) {
      const from = at + Math.min(before, after);
      const to = at + Math.max(before, after);
      if (local < from) {
        this.#holds(low, from, ONCE, before, before);
        return;
      }
      if (local < to) {
        this.#holds(from, to, after < before ? TWICE : NEVER, before, after);
        return;
      }
      low = to;
      offset = after;
    }
    this.#holds(low, startOf(year + 2) - DAY_SECONDS, ONCE, offset, offset);
  }

  /**
   * The UTC seconds of a local time; of two the earlier, and a time that was skipped moved forward by what was skipped
   * (Temporal's `compatible`).
   */
  toUtc(local: number): number {
    if (local < this.low || local >= this.high) this.locate(local);
    return local - this.offset;
  }

  /** The local seconds of an instant in UTC seconds. */
  toLocal(seconds: number): number {
    return seconds + this.#offsetAt(seconds);
  }

  /** The changes of its offset in the UTC seconds [from, to), in order. */
  changes(from: number, to: number): readonly Transition[] {
    return this.isFixed ? [] : this.#changesIn(from, to);
  }

  #holds(low: number, high: number, kind: number, offset: number, later: number): void {
    this.low = low;
    this.high = high;
    this.kind = kind;
    this.offset = offset;
    this.later = later;
  }

  #transitionsOf(year: number): Transition[] {
    let known = this.#transitions.get(year);
    if (known === undefined) {
      known = this.#changesIn(startOf(year), startOf(year + 1));
      this.#transitions.set(year, known);
    }
    return known;
  }

  #changesIn(from: number, to: number): Transition[] {
    const found: Transition[] = [];
    let at = from;
    let before = this.#offsetAt(at - 1);
    let low = from - 1;
    while (low < to - 1) {
      at = Math.min(low + PROBE_STEP, to - 1);
      const after = this.#offsetAt(at);
      if (after !== before) found.push({ at: this.#bisect(low, at, before), before, after });
      before = after;
      low = at;
    }
    return found;
  }

  /** The first second in (low, high] at which the offset is no longer `before`. */
  #bisect(low: number, high: number, before: number): number {
    let same = low;
    let changed = high;
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (this.#offsetAt(middle) === before) same = middle;
      else changed = middle;
    }
    return changed;
  }
}

export const UTC = new Zone('UTC', 0);

const startOf = (year: number): number => dayNumber(year, 1, 1) * DAY_SECONDS;

/** The year of UTC seconds, or of local seconds. */
export const yearOf = (seconds: number): number => new Date(seconds * 1000).getUTCFullYear();

const FIXED = /^(?:UTC|GMT)?([+−-])(\d{1,2})(?::?(\d{2}))?$/i;

/** Names of three letters in the tz database. All others that platforms take are the JDK's of 1996, who called Dhaka BST and Auckland NST. */
const SHORT_NAMES = ['CET', 'EET', 'EST', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'WET'];

/**
 * The zone that a user named: an IANA name or one of Windows in any case, `local`, `UTC`, `Z`, an offset (+05:30, +0530, +5, UTC+2), or an
 * abbreviation, which means what it means in a log.
 * @throws TsalignError usage, with a suggestion, where there is none of that name or several.
 */
export function parseZone(text: string): Zone {
  if (/^(utc|gmt|z)$/i.test(text)) return UTC;
  const fixed = FIXED.exec(text);
  if (fixed !== null) return fixedZone(text, fixed);
  const word = text.toUpperCase();
  if (!SHORT_NAMES.includes(word)) {
    const minutes = ZONE_MINUTES[word];
    if (minutes !== undefined) return new Zone(offsetName(minutes), minutes * 60);
    if (AMBIGUOUS_ZONES[word] !== undefined) throw severalZones(text, AMBIGUOUS_ZONES[word]);
    if (/^[A-Z]{3}$/.test(word)) throw unknownZone(text);
  }
  const name = text.toLowerCase() === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : canonicalName(text);
  if (name === undefined) throw unknownZone(text);
  const zone = ianaZones().create(name);
  return new Zone(name, (seconds) => Math.round(zone.offset(seconds * 1000) * 60));
}

/** An offset, perhaps in brackets, before words: `(UTC-05:00) Eastern Time (US & Canada)`. */
const BEFORE_WORDS = /^\(?((?:UTC|GMT)[+−-]\d{1,2}(?::?\d{2})?)\)?(?![\d:])/i;

/**
 * The zone that a field of a log names, in one of the ways in which a user may, or with words behind an offset; undefined
 * where it is none, or several are called so.
 */
export function zoneInText(text: string): Zone | undefined {
  if (text.toLowerCase() === 'local') return undefined;
  try {
    return parseZone(BEFORE_WORDS.exec(text)?.[1] ?? text);
  } catch (error) {
    if (error instanceof TsalignError) return undefined;
    throw error;
  }
}

/** @example offsetName(-210) // '-03:30' */
export function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

function severalZones(text: string, choices: readonly string[]): TsalignError {
  return new TsalignError({
    code: 'usage',
    what: `"${text}" is the name of several zones`,
    hint: `say which: ${choices.join(', ')}`,
  });
}

function fixedZone(text: string, [, sign, hours, minutes]: RegExpExecArray): Zone {
  const total = Number(hours) * 60 + Number(minutes ?? 0);
  if (Number(hours) > 18 || Number(minutes ?? 0) > 59) throw unknownZone(text);
  const signed = sign === '+' ? total : -total;
  return new Zone(offsetName(signed), signed * 60);
}

/** The name as the platform writes it, also for one of Windows; names that it knows but does not list (US/Eastern, EST5EDT) as they were typed. */
function canonicalName(text: string): string | undefined {
  const wanted = text.toLowerCase();
  const listed = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === wanted);
  return listed ?? (ianaZones().isValidZone(text) ? text : fromWindows(text));
}

function unknownZone(text: string): TsalignError {
  const near = didYouMean(text, [...Intl.supportedValuesOf('timeZone'), ...windowsNames()]) ?? byCity(text);
  return new TsalignError({
    code: 'usage',
    what: `there is no time zone "${text}"`,
    hint:
      near === undefined
        ? 'give an IANA name (Europe/Berlin), local, UTC or an offset (+05:30)'
        : `did you mean "${near}"?`,
  });
}

/** `berlin` for Europe/Berlin. */
function byCity(text: string): string | undefined {
  const city = text.toLowerCase().replaceAll(' ', '_');
  return Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase().endsWith(`/${city}`));
}
