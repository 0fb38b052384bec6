/** What happened while a source was dated; for the run report. */
export interface StampCounters {
  dated: number;
  /** Local times that did not exist (the clock was set forward over them) and were moved forward. */
  gaps: number;
  /** Local times that exist twice (the clock was set back), and those of them that order did not tell apart. */
  repeated: number;
  unsettled: number;
  /** Stamps that name no zone, and so are in that of the plan. */
  naive: number;
  /** Stamps not believed: refused by the DST rule, of days and hours that do not exist (30 February). */
  refused: number;
  /** Stamps not believed because their zone is named by an abbreviation that several zones share. */
  ambiguous: number;
  /** Stamps that are followed by what would be their zone, if some line of the sample had one. */
  leftZones: number;
  /** Instants before 1678 or after 2262. */
  outOfRange: number;
  /** Fractions with more than nine digits, which were cut. */
  cut: number;
  /** Stamps that no template could read. */
  slow: number;
}

/** Counters at zero. */
export const noStamps = (): StampCounters => ({
  dated: 0,
  gaps: 0,
  repeated: 0,
  unsettled: 0,
  naive: 0,
  refused: 0,
  ambiguous: 0,
  leftZones: 0,
  outOfRange: 0,
  cut: 0,
  slow: 0,
});
