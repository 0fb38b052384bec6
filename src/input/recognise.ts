import type { InputPlan, RateStamps } from '../core/stages.ts';
import type { Claim, InputFormat } from './format.ts';
import type { SampleView } from './sample.ts';

/** What the user said of a source. */
export interface Wanted {
  format?: InputPlan['format'] | undefined;
  /** A column's name or number, or a member's dotted path. */
  timeField?: string | undefined;
  /** Whether the zone of its stamps was said: then a zone's letters in a field of their own do not decide it. */
  zoneGiven?: boolean;
  /** What stands between the fields of delimited text, one character. */
  delimiter?: string | undefined;
  /** Whether delimited text has no header. */
  headerless?: boolean;
}

/**
 * Asks the demanded format; else the one that the name promises, or the one that has the delimiter which the user names,
 * then all in their order, of which the last declines nothing.
 */
export function recogniseAmong(
  formats: readonly InputFormat[],
  sample: SampleView,
  wanted: Wanted,
  where: string,
  rate: RateStamps,
): InputPlan {
  const { timeField, delimiter } = wanted;
  const headerless = wanted.headerless === true;
  const zoneGiven = wanted.zoneGiven === true;
  const ask = (format: InputFormat, claim: Claim): InputPlan | undefined =>
    format.recognise({ sample, claim, timeField, rate, zoneGiven, delimiter, headerless, where });
  const demanded = formats.find((format) => format.name === wanted.format);
  const delimited = delimiter === '\t' ? 'tsv' : 'csv';
  const named =
    formats.find((format) => promises(where, format)) ??
    formats.find((format) => delimiter !== undefined && format.name === delimited);
  const plan = demanded !== undefined ? ask(demanded, 'demanded') : named && ask(named, 'named');
  if (plan !== undefined) return plan;
  for (const format of formats) {
    const found = ask(format, 'none');
    if (found !== undefined) return found;
  }
  throw new Error('no input format takes what is left');
}

/** Whether the name has an ending of the format, behind which rotation and compression may have put theirs: `a.csv.1.gz`. */
function promises(name: string, { extensions }: InputFormat): boolean {
  const file = name.toLowerCase().split(/[/\\]/).at(-1) as string;
  return extensions.some((extension) => file.includes(extension) && new RegExp(`\\${extension}(?=$|[.-])`).test(file));
}
