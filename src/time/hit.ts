import type { OnePlace, Opening } from './place.ts';
import type { ReadyFormat } from './plan.ts';

/** A stamp found in a sampled text. */
export interface Hit {
  format: ReadyFormat;
  text: Uint8Array;
  /** Index of the text in the sample. */
  index: number;
  at: number;
  /** How its line opens, where the stamp stands first. */
  opening: Opening | 'inside' | 'field';
  /** Seconds since 1970, naive ones as if in UTC; only compared within one candidate. */
  seconds: number;
  /** Seconds from UTC to what it says; 0 where it names no offset. */
  offset: number;
  naive: boolean;
  /** What it does not say (stamp-layout.ts). */
  lacks: number;
  /** Whether the last number of its clock has one digit, and whether an earlier one shows that they are padded. */
  loose: boolean;
  padded: boolean;
  digits: number;
  /** Whether the day of the week that it names is not that of its date. */
  isOtherWeekday: boolean;
  /** The digits behind a comma that may be a fraction, or the next cell; '' where there are none. */
  behindComma: string;
  /** The zone behind a blank in which it ends, if that may be something else: a word, +0200; '' where it has none. */
  zoneApart: string;
  /** Whether that zone would be a word of the message, a number or a host as well. */
  isDoubtfulApart: boolean;
  /** The abbreviation that names several zones. */
  doubtfulZone: string | undefined;
  /** What stands behind a naive stamp and may be a zone: a word that is one in capitals, or a sign and a digit. */
  unreadZone: string | undefined;
  /** What stands behind its clock, and is the half of a day in another language. */
  unreadHalf: string | undefined;
  /** The hour of a clock that has no AM or PM; −1 where there is none. */
  bareHour: number;
  /** The hour before AM or PM that a blank divides from the time; −1 where there is none. */
  halvedHour: number;
  /** Whether that AM or PM is a word of the message. */
  isHalfWord: boolean;
  /** Whether its zone is a `z` behind a blank: RFC 3339 allows both, and a host or a thread may be called so. */
  isSpacedZ: boolean;
}

/** That what stands behind a blank, after stamps of one format, is no zone. */
export interface NoZone {
  /** One of the words, where that is only likelier. */
  word?: string;
  /** Whether no line of the sample has such a word: one may have it all the same. */
  isUnseen?: true;
}

/** One place where stamps stand in many texts. */
export interface Candidate {
  place: OnePlace;
  formats: ReadyFormat[];
  /** Of these, the ones behind which words and numbers that a blank divides from the time are no zones. */
  zoneless: ReadonlyMap<ReadyFormat, NoZone>;
  /** At most one a text, in the order of the texts. */
  hits: Hit[];
  /** Share dated, weighed by how much it behaves like the time of records. */
  score: number;
}
