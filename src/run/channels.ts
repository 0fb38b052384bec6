import path from 'node:path';
import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { OUTPUT_ROOM, type RecordWriter, type Sink, type SourceInfo } from '../core/stages.ts';
import {
  compressingSink,
  compressionByName,
  createOutput,
  createPalette,
  createWriter,
  descriptorSink,
  isTabular,
  plainPalette,
  terminalSink,
  unionOfColumns,
  type WriterSettings,
} from '../output/index.ts';
import type { Plan } from '../plan.ts';
import type { RunIo } from '../request.ts';
import type { AppendedState, Rename } from '../state/index.ts';
import type { Channel } from './channel.ts';
import { LiveSlots } from './live-slots.ts';
import { headerOf, type OutputFiles, openFiles } from './output-files.ts';
import { openReceiver } from './records.ts';
import type { Run } from './run.ts';
import { type LockedFolder, SlotWriter } from './slots.ts';

/** How stdout is called in messages. */
export const STDOUT = 'stdout';

/** Where records go: the output, and the files for what is not in it. */
export interface Channels {
  records: Channel;
  duplicates: Channel | undefined;
  rejects: Channel | undefined;
  /** Receives late records, with --late-output. */
  late: Channel | undefined;
  /** The slots of a run that follows its sources: `records`, then. */
  slots: LiveSlots | undefined;
  /** What stands above the records. */
  header: string[];
  /** Whether records of a source that comes later fit below that. @throws TsalignError 'state' where they do not */
  admit(source: SourceInfo): void;
  /** Key words of the latest record that the output holds already. */
  last: AppendedState['last'];
  begin(): void;
  /** Hands what was written on to the sinks. */
  flush(): void;
  /** Gets to know the sources that have joined the plan. */
  renew(): void;
  /** Lets what was written be seen, though more will follow. */
  publish(): void;
  /** Looks whether what was published still has its name; where it was moved away, that is said, and a new file begun. */
  followNames(): void;
  /** Makes durable what was appended to files. Returns what of them is then valid, by option. */
  settle(): Record<string, AppendedState>;
  /** Makes slots complete. Returns what is to be renamed for them to be in their places. */
  seal(): Rename[];
  /** Makes all outputs complete. */
  commit(): void;
  /** Completes all but the records, whose reader has gone. */
  commitSides(): void;
  abort(): void;
}

/** Opens the outputs of a run. @throws TsalignError 'output' where one cannot be made; then none is left. */
export function openChannels(run: Run, plan: Plan, memory: Memory, slots: LockedFolder | undefined): Channels {
  return new OpenChannels(run, plan, memory, slots);
}

class OpenChannels implements Channels {
  readonly records: Channel;
  readonly duplicates: Channel | undefined;
  readonly rejects: Channel | undefined;
  readonly late: Channel | undefined;
  slots: LiveSlots | undefined;
  readonly header: string[];
  readonly last: AppendedState['last'];
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly #opened: Channel[] = [];
  readonly #files: OutputFiles;
  readonly #settings: WriterSettings;
  /** Colours and what makes text safe for a terminal belong to the records on stdout only. */
  readonly #fileSettings: WriterSettings;
  #split: SlotWriter | undefined;

  constructor(run: Run, plan: Plan, memory: Memory, slots: LockedFolder | undefined) {
    this.#run = run;
    this.#plan = plan;
    this.#memory = memory;
    const { format } = plan.output;
    const settings = writerSettings(run, plan);
    this.#files = openFiles(run, plan);
    this.header = headerOf(format, settings, plan);
    // What joins under --follow comes below a header that is written.
    const union = isTabular(format) && run.request.follow ? this.header : settings.union;
    this.#settings = { ...settings, union };
    this.#fileSettings = { ...this.#settings, palette: plainPalette, terminal: false };
    const { duplicates, rejects, lateOutput } = run.request;
    try {
      this.records = slots === undefined ? this.#openRecords() : this.#openSlots(slots);
      this.last = this.#files.lastIn('--output');
      this.duplicates = this.#openFile('--duplicates', duplicates, format);
      this.rejects = this.#openFile('--rejects', rejects, 'raw');
      this.late = this.#openFile('--late-output', lateOutput, 'raw');
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #openRecords(): Channel {
    const { sources, output, memory } = this.#plan;
    const { receiver } = this.#run.io;
    if (receiver !== undefined) return openReceiver(receiver, sources, this.#memory);
    return this.#open(recordsSink(this.#run, this.#plan, this.#files), output.format, memory.output, this.#settings);
  }

  #openSlots(folder: LockedFolder): Channel {
    const { sources, output } = this.#plan;
    const makeWriter = () => createWriter(output.format, this.#fileSettings, sources, this.#memory);
    if (this.#run.request.follow) {
      this.slots = new LiveSlots(this.#run, this.#plan, this.#memory, makeWriter, folder);
      this.#opened.push(this.slots);
      return this.slots;
    }
    this.#split = new SlotWriter(this.#run, this.#plan, this.#memory, makeWriter(), folder);
    this.#opened.push(this.#split);
    return this.#split;
  }

  #openFile(option: string, file: string | undefined, format: string): Channel | undefined {
    if (file === undefined) return undefined;
    const sink = this.#files.open(option, path.resolve(this.#run.io.cwd, file), compressionByName(file));
    return this.#open(sink, format, OUTPUT_ROOM, this.#fileSettings);
  }

  #open(sink: Sink, format: string, bytes: number, settings: WriterSettings): Channel {
    const makeWriter = () => createWriter(format, settings, this.#plan.sources, this.#memory);
    const channel = openChannel(this.#memory, sink, makeWriter, bytes);
    this.#opened.push(channel);
    return channel;
  }

  admit(source: SourceInfo): void {
    if (isTabular(this.#plan.output.format)) unionOfColumns({ ...this.#settings, union: this.header }, [source]);
  }

  begin(): void {
    if (!this.#files.continues('--output')) this.records.begin();
    this.duplicates?.begin();
  }

  flush(): void {
    for (const channel of this.#opened) channel.flush();
  }

  renew(): void {
    for (const channel of this.#opened) channel.renew?.();
  }

  publish(): void {
    for (const channel of this.#opened) channel.publish?.();
  }

  followNames(): void {
    for (const channel of this.#opened) {
      const where = channel.followName?.();
      if (where === undefined) continue;
      if (channel === this.records || channel === this.duplicates) channel.begin();
      this.#run.io.warn({ code: 'note', where, what: 'was moved away', hint: 'goes on in a new file of that name' });
    }
  }

  settle(): Record<string, AppendedState> {
    this.flush();
    return this.#files.settle();
  }

  seal(): Rename[] {
    return this.#split?.seal() ?? [];
  }

  commit(): void {
    // The output comes last: where it is complete, so is the rest.
    for (const channel of this.#opened.toReversed()) channel.commit();
  }

  commitSides(): void {
    for (const channel of [this.late, this.rejects, this.duplicates]) channel?.commit();
  }

  abort(): void {
    for (const channel of this.#opened) channel.abort();
  }
}

function recordsSink({ io }: Run, plan: Plan, outputs: OutputFiles): Sink {
  if (io.sink !== undefined) return io.sink;
  if (plan.output.path !== undefined) return outputs.open('--output', plan.output.path, plan.output.compression);
  const { compression } = plan.output;
  const stdout = descriptorSink(io.stdout, STDOUT);
  if (compression !== undefined) return compressedStdout(stdout, compression, io);
  return io.stdoutIsTerminal ? terminalSink(plan.output.format, stdout) : stdout;
}

function compressedStdout(stdout: Sink, compression: string, io: RunIo): Sink {
  if (!io.stdoutIsTerminal) return compressingSink(() => stdout, compression, STDOUT);
  const what = 'compressed bytes are not for a terminal';
  throw new TsalignError({ code: 'usage', where: '--compress', what, hint: 'give -o FILE, or a pipe' });
}

function openChannel(memory: Memory, sink: Sink, makeWriter: () => RecordWriter, bytes: number): Channel {
  let { made: writer, giveBack } = memory.regions.lend(makeWriter);
  const output = createOutput(memory, sink, memory.regions.take(bytes), bytes);
  const one = new Int32Array(1);
  return {
    begin: () => writer.begin(output),
    write: (rows, count) => writer.write(rows, count, output),
    writeRow(row) {
      one[0] = row;
      writer.write(one, 1, output);
    },
    flush() {
      output.flush();
      sink.mark?.();
    },
    renew() {
      giveBack();
      ({ made: writer, giveBack } = memory.regions.lend(makeWriter));
    },
    publish() {
      output.flush();
      sink.publish?.();
    },
    followName() {
      output.flush();
      return sink.followName?.();
    },
    commit() {
      output.flush();
      sink.commit();
    },
    abort: () => sink.abort(),
  };
}

function writerSettings({ request, io }: Run, { output, kept }: Plan): WriterSettings {
  const { zone, digits, finer } = output;
  const offsetAt = (seconds: number): number => Math.round((zone.toLocal(seconds) - seconds) / 60);
  return {
    digits,
    finer,
    offsetAt: zone.name === 'UTC' ? undefined : offsetAt,
    stamp: request.stamp ?? 'prefix',
    withSource: !request.noSource,
    lineNumbers: request.lineNumber,
    columns: request.columns,
    marksLate: request.follow && output.slots === undefined && (request.late ?? 'keep') === 'keep',
    union: kept?.document.header,
    palette: createPalette(request.colorLevel),
    terminal: output.path === undefined && io.stdoutIsTerminal,
  };
}
