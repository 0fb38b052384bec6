import type { InputPlan, RateStamps, Texts } from '../core/stages.ts';
import type { CountingFramer, FramerContext } from './framer.ts';
import type { SampleView } from './sample.ts';

/**
 * Why a format is asked whether a source is its own: the user demanded it (then it must not decline), the source's name
 * promises it (then a few doubts are overlooked), or nothing is known (then the bytes alone must show it).
 */
export type Claim = 'demanded' | 'named' | 'none';

/** What a format is asked when a source is to be recognised. */
export interface Asked {
  sample: SampleView;
  claim: Claim;
  /** What the user calls the time: a column's name or number, a member's dotted path. */
  timeField: string | undefined;
  rate: RateStamps;
  /** Whether the user said the zone of the source's stamps. */
  zoneGiven: boolean;
  /** What the user says stands between the fields, one character. */
  delimiter: string | undefined;
  /** Whether the user says that the first row is no header. */
  headerless: boolean;
  /** Name of the source in messages. */
  where: string;
}

/** A row of the table of input formats: everything the rest of the program needs to know of one. */
export interface InputFormat<Plan extends InputPlan = InputPlan> {
  name: Plan['format'];
  /** Endings of file names that promise it. */
  extensions: readonly string[];
  createFramer(plan: Plan, context: FramerContext): CountingFramer;
  /**
   * The plan by which the sample is of this format, undefined where it is not.
   * @throws TsalignError 'no-timestamp' where it is, but no time is found in it; 'usage' for an unknown time field
   */
  recognise(asked: Asked): Plan | undefined;
  /** The texts, at most `most`, in which the stamps of the sample stand, in file order. */
  timeTexts(sample: SampleView, plan: Plan, most: number): Texts;
}
