import { resolve } from 'node:path';
import { TsalignError } from '../core/problem.ts';
import type { Sample } from '../core/stages.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { labelSources, type OpenSource, openSource, type SourcePath } from '../source/index.ts';
import { completeYear, createStamper } from '../time/index.ts';
import type { SourcePlan } from './data.ts';
import { saySeveralLogs } from './doubts.ts';
import { recogniseSource } from './recognition.ts';
import { sourceSettings } from './settings.ts';
import { NOTHING_TAKEN, withoutUnfinished } from './taking.ts';

/** Finds out what sources are that come while a run goes on. Settings speak of them and of those that it began with. */
export class Joining {
  readonly #request: MergeRequest;
  readonly #io: RunIo;
  readonly #paths: readonly SourcePath[];

  constructor(request: MergeRequest, io: RunIo, paths: readonly SourcePath[]) {
    this.#request = request;
    this.#io = io;
    this.#paths = paths;
  }

  /** Opens a file as settings say of the path under which it first came. */
  async open(path: SourcePath, first = path.path): Promise<OpenSource> {
    const { encoding } = await this.#settingsOf({ ...path, path: first, file: resolve(this.#io.cwd, first) });
    return await openSource(path, { label: path.path, encoding, stdin: this.#io.stdin });
  }

  /** What the user calls it, or else the shortest ending of its path that no other source is called. */
  async labelOf(path: SourcePath, taken: ReadonlySet<string>): Promise<string> {
    const { label } = await this.#settingsOf(path);
    if (label !== undefined) return label;
    if (path.path === '-') return 'stdin';
    const parts = path.path.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const [ending] = labelSources([{ ...path, path: parts.slice(-depth).join('/') }], [undefined]);
      if (!taken.has(ending)) return ending;
    }
    return path.path;
  }

  /** The plan of a file; undefined while nothing in it shows what it is. */
  async planFile(open: OpenSource, label: string, first: string): Promise<SourcePlan | undefined> {
    const whole = await open.sample();
    const sample = withoutUnfinished({ ...whole, pieces: [...whole.pieces] });
    return this.#plan({ ...open, label }, sample, first, whole.whole ? 'more may come' : 'all');
  }

  /** The plan of a pipe by what has come through it. @param isAll whether there will be no more to look at */
  async planPipe(path: SourcePath, label: string, bytes: Uint8Array, isAll: boolean): Promise<SourcePlan | undefined> {
    const sample = { pieces: [bytes], whole: isAll };
    const open: OpenSource = {
      path,
      label,
      kind: 'pipe',
      compression: [],
      encoding: undefined,
      lines: undefined,
      rereadable: false,
      seekable: false,
      sample: async () => sample,
      open: () => ({ read: () => 0, close() {} }),
      close() {},
    };
    const found = await this.#plan(
      open,
      isAll ? sample : withoutUnfinished(sample),
      path.path,
      isAll ? 'all' : 'more may come',
    );
    return found && { ...found, stamp: this.#withYear(found) };
  }

  /** What comes through a pipe is not read twice: its first stamp is taken for one of about now. */
  #withYear({ stamp, firstText }: SourcePlan): SourcePlan['stamp'] {
    if (stamp === undefined || firstText === undefined || !stamp.lacksYear) return stamp;
    const stamper = createStamper(stamp, { bytes: firstText });
    stamper.read(0, firstText.length);
    return completeYear(stamp, stamper, this.#io.now());
  }

  async #plan(open: OpenSource, sample: Sample, first: string, extent: 'all' | 'more may come') {
    if (sample.pieces.every(({ length }) => length === 0)) return undefined;
    const settings = await this.#settingsOf({ ...open.path, path: first, file: resolve(this.#io.cwd, first) });
    const copied = { ...sample, pieces: sample.pieces.map((piece) => Uint8Array.from(piece)) };
    try {
      const recognised = await recogniseSource(open, copied, settings, this.#io.now());
      if (recognised.stamp === undefined) return undefined;
      saySeveralLogs(open.label, sample, recognised.input, settings, this.#io.warn);
      return { ...NEW_SOURCE, path: open.path.path, label: open.label, open, ...recognised } satisfies SourcePlan;
    } catch (error) {
      const waits = error instanceof TsalignError && error.problem.code === 'no-timestamp' && extent !== 'all';
      if (waits) return undefined;
      throw error;
    }
  }

  async #settingsOf(path: SourcePath) {
    const [settings] = await sourceSettings(this.#request, [path, ...this.#paths], this.#io);
    return settings;
  }
}

const NEW_SOURCE = { series: 0, mayStream: true, searched: false, taking: NOTHING_TAKEN };
