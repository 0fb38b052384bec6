import { nextAfter } from '../kernel/stamp-bytes.ts';
import {
  fieldEnd,
  fieldStart,
  isBoundary,
  type OnePlace,
  OPENING_BYTES,
  OPENINGS,
  openingEnd,
  openingOf,
  type Place,
} from './place.ts';

/** What dates a stamp, once it is known where one may stand. */
export interface Dates {
  /** Whether what stands there is hardly anything but a stamp. */
  isSure: boolean;
  /** @param from where the text begins that the stamps of lines like this one share */
  readAt(at: number, end: number, from: number): boolean;
  /** The same for all of [from, to). */
  readField(from: number, to: number): boolean;
}

/** Looks for the stamp of a text where the plan says. */
export interface Spot {
  read(start: number, end: number): boolean;
}

/** @param first 1 for the bytes with which a stamp may begin */
export function spotOf(place: Place, bytes: Uint8Array, first: Uint8Array, dates: Dates): Spot {
  if (place.kind === 'start') return new StartSpot(place, bytes, dates);
  if (place.kind === 'inside') return new InsideSpot(place, bytes, first, dates);
  if (place.kind === 'field') return new FieldSpot(bytes, dates);
  return new SeveralSpots(place.places.map((each) => spotOf(each, bytes, first, dates)));
}

type PlaceOf<Kind extends OnePlace['kind']> = Extract<OnePlace, { kind: Kind }>;

class StartSpot implements Spot {
  private readonly bytes: Uint8Array;
  private readonly dates: Dates;
  private readonly openings: number;
  private readonly bare: boolean;

  constructor({ openings }: PlaceOf<'start'>, bytes: Uint8Array, dates: Dates) {
    this.bytes = bytes;
    this.dates = dates;
    this.openings = openings.reduce((mask, opening) => mask | OPENINGS[opening].bit, 0);
    this.bare = openings.includes('none');
  }

  read(start: number, end: number): boolean {
    const { bytes, dates } = this;
    dates.isSure = true;
    if (OPENING_BYTES[bytes[start]] === 0) return this.bare && start < end && dates.readAt(start, end, start);
    const opening = openingOf(bytes, start, end);
    if ((this.openings & OPENINGS[opening].bit) === 0) return false;
    return dates.readAt(openingEnd(opening, bytes, start, end), end, start);
  }
}

class InsideSpot implements Spot {
  private readonly bytes: Uint8Array;
  private readonly first: Uint8Array;
  private readonly dates: Dates;
  private readonly before: Uint8Array;
  private readonly within: number;
  private readonly indented: boolean;

  constructor({ before, within, indented }: PlaceOf<'inside'>, bytes: Uint8Array, first: Uint8Array, dates: Dates) {
    this.bytes = bytes;
    this.first = first;
    this.dates = dates;
    this.before = Buffer.from(before, 'latin1');
    this.within = within;
    this.indented = indented;
  }

  read(start: number, end: number): boolean {
    const { bytes, before, dates } = this;
    if (!this.indented && (bytes[start] === 32 || bytes[start] === 9)) return false;
    // Behind one character, and no key, numbers of any kind are tried.
    dates.isSure = before.length !== 1;
    const last = Math.min(end, start + this.within);
    for (let at = nextAfter(bytes, before, start, last); at >= 0; at = nextAfter(bytes, before, at, last)) {
      if (at < end && this.first[bytes[at]] === 1 && isBoundary(bytes, at) && dates.readAt(at, end, at)) return true;
    }
    return false;
  }
}

/** Quotes, blanks and brackets around a value are not part of its stamp; anything else is, so that `5 apples` is none. */
class FieldSpot implements Spot {
  private readonly bytes: Uint8Array;
  private readonly dates: Dates;

  constructor(bytes: Uint8Array, dates: Dates) {
    this.bytes = bytes;
    this.dates = dates;
  }

  read(start: number, end: number): boolean {
    const from = fieldStart(this.bytes, start, end);
    return this.dates.readField(from, fieldEnd(this.bytes, from, end));
  }
}

class SeveralSpots implements Spot {
  private readonly spots: readonly Spot[];

  constructor(spots: readonly Spot[]) {
    this.spots = spots;
  }

  read(start: number, end: number): boolean {
    for (let i = 0; i < this.spots.length; i++) if (this.spots[i].read(start, end)) return true;
    return false;
  }
}
