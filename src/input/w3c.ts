import { TsalignError } from '../core/problem.ts';
import type { W3cPlan } from '../core/stages.ts';
import type { Asked, InputFormat } from './format.ts';
import type { FramerContext } from './framer.ts';
import { JoinedStamp } from './joined-stamp.ts';
import { type SampleView, sampleLines, spread } from './sample.ts';
import { type LineStamps, TextFramer } from './text.ts';
import { dayOf, fieldNames, isDirective, W3cFields } from './w3c-fields.ts';

/** Dates a line by the fields that the last `#Fields:` named. */
class W3cStamps implements LineStamps {
  at = 0;
  length = 0;
  readonly #bytes: Uint8Array;
  readonly #fields: W3cFields;
  readonly #joined: JoinedStamp;

  constructor(plan: W3cPlan, context: FramerContext) {
    this.#fields = new W3cFields(plan.fields, plan.day, plan.hour);
    this.#bytes = context.memory.bytes;
    this.#joined = new JoinedStamp(context.memory, context.stamper);
  }

  remember(): W3cPlan {
    return this.#fields.remember();
  }

  read(start: number, end: number): boolean {
    const fields = this.#fields;
    if (!fields.take(this.#bytes, start, end)) return false;
    this.#joined.clear();
    if (fields.dateEnd >= 0) this.#joined.add(fields.dateStart, fields.dateEnd);
    else this.#joined.addText(fields.day);
    this.#joined.add(fields.timeStart, fields.timeEnd);
    const dated = this.#joined.read(start);
    this.at = this.#joined.at;
    this.length = this.#joined.length;
    return dated;
  }
}

/** Share of lines behind the first `#Fields:` that must hold a stamp. */
const ENOUGH = 0.5;

/** Lines among which the first `#Fields:` stands. */
const LINES_ABOVE = 20;

/** Takes a source whose beginning names its fields. */
function recogniseW3c(asked: Asked): W3cPlan | undefined {
  const plan = w3cPlan(asked);
  if (plan === undefined && asked.claim === 'demanded') throw noFields(asked.where);
  return plan;
}

function noFields(where: string): TsalignError {
  const what = 'no #Fields: line at its beginning names the date and the time of the lines behind it';
  return new TsalignError({ code: 'no-timestamp', where, what, hint: 'give another --input-format, or leave it out' });
}

function w3cPlan({ sample, rate, timeField }: Asked): W3cPlan | undefined {
  if (timeField !== undefined) return undefined;
  const lines = sampleLines(sample);
  const first = Array.from({ length: Math.min(LINES_ABOVE, lines.length) }, (_, i) => lines.at(i) as Uint8Array);
  const above = first.map((line) => Buffer.from(line).toString('latin1'));
  const fields = above.map(fieldNames).find((names) => names !== undefined);
  if (fields === undefined) return undefined;
  const plan: W3cPlan = { format: 'w3c', fields, day: above.map(dayOf).find((day) => day !== undefined) ?? '' };
  const texts = fieldTexts(sample, plan);
  const records = [...lines].filter((line) => !isDirective(line)).length;
  return texts.length > 0 && rate(texts) * texts.length >= records * ENOUGH ? plan : undefined;
}

function fieldTexts(sample: SampleView, plan: W3cPlan): Uint8Array[] {
  const fields = new W3cFields(plan.fields, plan.day);
  return [...sampleLines(sample)].flatMap((line) => {
    if (!fields.take(line, 0, line.length)) return [];
    const date = fields.dateEnd < 0 ? fields.day : line.subarray(fields.dateStart, fields.dateEnd);
    return [new Uint8Array(Buffer.concat([date, Buffer.from(' '), line.subarray(fields.timeStart, fields.timeEnd)]))];
  });
}

/** A record of each line with a time; directives and comments join the record before them, as lines of text do. */
export const W3C: InputFormat<W3cPlan> = {
  name: 'w3c',
  extensions: [],
  createFramer: (plan, context) => new TextFramer(context, new W3cStamps(plan, context)),
  recognise: recogniseW3c,
  timeTexts: (sample, plan, most) => spread(fieldTexts(sample, plan), most),
};
