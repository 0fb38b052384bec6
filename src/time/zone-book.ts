import { ianaZones } from './iana.ts';
import { packText } from './names.ts';
import { parseZone, type Zone } from './zone.ts';

/** The longest name of the tz database has 32 bytes (America/Argentina/ComodRivadavia). */
const LONGEST = 40;

/**
 * The zones that stamps of one source name by more than an offset: abbreviations that the user explained, and names of
 * the tz database. A reader hands out their index; index 0 stands for the zone of stamps that name none.
 */
export class ZoneBook {
  readonly zones: (Zone | undefined)[] = [undefined];
  /** Index by packed abbreviation. */
  readonly words = new Map<number, number>();
  readonly #names = new Map<string, number>();

  constructor(abbreviations: Readonly<Record<string, string>> = {}) {
    for (const [word, zone] of Object.entries(abbreviations)) {
      this.words.set(packText(word), this.zones.push(parseZone(zone)) - 1);
    }
  }

  /** The end of the word that may be such a name: Area/City, with a slash in it. −1 where none stands at `at`. */
  static end(bytes: Uint8Array, at: number, end: number): number {
    let slash = false;
    let stop = at;
    const last = Math.min(end, at + LONGEST);
    for (; stop < last; stop++) {
      const byte = bytes[stop];
      if (byte === 47) slash = true;
      else if (!isNameByte(byte)) break;
    }
    return slash ? stop : -1;
  }

  /** The index of the zone with this name; −1 where there is none. Asking the platform takes 10 µs: once for each word. */
  named(bytes: Uint8Array, at: number, stop: number): number {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString('latin1');
    let index = this.#names.get(name);
    if (index === undefined) {
      index = ianaZones().isValidZone(name) ? this.zones.push(parseZone(name)) - 1 : -1;
      this.#names.set(name, index);
    }
    return index;
  }
}

const isNameByte = (byte: number): boolean =>
  ((byte | 32) >= 97 && (byte | 32) <= 122) || byte === 95 || byte === 43 || byte === 45 || (byte >= 48 && byte <= 57);
