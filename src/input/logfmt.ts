import type { LogfmtPlan, PairTime } from '../core/stages.ts';
import { PairWalker } from '../kernel/pairs.ts';
import type { InputFormat } from './format.ts';
import type { FramerContext } from './framer.ts';
import { JoinedStamp } from './joined-stamp.ts';
import { pairTexts, recogniseLogfmt } from './logfmt-recognition.ts';
import { type LineStamps, TextFramer } from './text.ts';

/** Dates a line by the values of its keys. Of a key that stands twice, the first counts. */
class PairStamps implements LineStamps {
  at = 0;
  length = 0;
  readonly #walker: PairWalker;
  readonly #joined: JoinedStamp;
  readonly #keys: readonly Uint8Array[];
  /** For each time, indexes of its keys in #keys, and that of its zone or −1. */
  readonly #times: readonly { keys: Int32Array; zone: number }[];
  /** Of the line at hand, by key: its value; the end is −1 where it has none. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;

  constructor(plan: LogfmtPlan, context: FramerContext) {
    const names = keysOf(plan.times);
    this.#walker = new PairWalker(context.memory.bytes);
    this.#joined = new JoinedStamp(context.memory, context.stamper);
    this.#keys = names.map((name) => new Uint8Array(Buffer.from(name)));
    this.#times = plan.times.map(({ keys, zone }) => ({
      keys: Int32Array.from(keys, (key) => names.indexOf(key)),
      zone: zone === undefined ? -1 : names.indexOf(zone),
    }));
    this.#start = new Int32Array(names.length);
    this.#end = new Int32Array(names.length);
  }

  read(start: number, end: number): boolean {
    this.#find(start, end);
    for (const { keys, zone } of this.#times) {
      if (this.#join(keys, zone) && this.#joined.read(start)) {
        this.at = this.#joined.at;
        this.length = this.#joined.length;
        return true;
      }
    }
    return false;
  }

  #find(start: number, end: number): void {
    const walker = this.#walker;
    const keys = this.#keys;
    let missing = keys.length;
    this.#end.fill(-1);
    walker.begin(start, end);
    while (missing > 0 && walker.next()) {
      for (let k = 0; k < keys.length; k++) {
        if (this.#end[k] >= 0 || !walker.hasKey(keys[k])) continue;
        this.#start[k] = walker.valueStart;
        this.#end[k] = walker.valueEnd;
        missing--;
      }
    }
  }

  /** Whether the line has all these keys. */
  #join(keys: Int32Array, zone: number): boolean {
    this.#joined.clear();
    for (let i = 0; i < keys.length; i++) {
      if (!this.#add(keys[i])) return false;
    }
    if (zone >= 0) this.#add(zone);
    return true;
  }

  #add(key: number): boolean {
    const start = this.#start[key];
    const end = this.#end[key];
    if (end <= start) return false;
    this.#joined.add(start, end);
    return true;
  }
}

const keysOf = (times: readonly PairTime[]): string[] => [
  ...new Set(times.flatMap(({ keys, zone }) => (zone === undefined ? keys : [...keys, zone]))),
];

/** Pairs make a record of each line that has a time; what has none joins the record before it, as stack traces do. */
export const LOGFMT: InputFormat<LogfmtPlan> = {
  name: 'logfmt',
  extensions: ['.logfmt'],
  createFramer: (plan, context) => new TextFramer(context, new PairStamps(plan, context)),
  recognise: recogniseLogfmt,
  timeTexts: pairTexts,
};
