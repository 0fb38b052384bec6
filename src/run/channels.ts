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
import { LiveSlots } from './live-slots.ts';
import { headerOf, type OutputFiles, openFiles } from './output-files.ts';
import { openReceiver } from './records.ts';
import type { Run } from './run.ts';
import { type LockedFolder, SlotWriter } from './slots.ts';

/** How stdout is called in messages. */
export const STDOUT = 'stdout';

/** A writer with its output and sink: records go in, a complete file comes out, or none. */
export interface Channel {
  begin(): void;
  write(rows: Int32Array, count: number): void;
  writeRow(row: number): void;
  flush(): void;
  /** Gets to know the sources that have joined the plan. */
  renew?(): void;
  /** Lets what was written be seen, though more will follow. */
  publish?(): void;
  /** Goes on under its name where what was published has been moved away. Returns that name if so. */
  followName?(): string | undefined;
  commit(): void;
  abort(): void;
}

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
  const { request, io } = run;
  const opened: Channel[] = [];
  const settings = writerSettings(run, plan);
  // Colours and what makes text safe for a terminal belong to the records on stdout only.
  const fileSettings: WriterSettings = { ...settings, palette: plainPalette, terminal: false };
  const open = (sink: Sink, format: string, bytes: number, settings = fileSettings): Channel => {
    const makeWriter = () => createWriter(format, settings, plan.sources, memory);
    const channel = openChannel(memory, sink, makeWriter, bytes);
    opened.push(channel);
    return channel;
  };
  const outputs = openFiles(run, plan);
  const fileAt = (option: string, file: string): Sink =>
    outputs.open(option, path.resolve(io.cwd, file), compressionByName(file));
  const { format } = plan.output;
  const header = headerOf(format, settings, plan);
  // What joins under --follow comes below a header that is written.
  if (isTabular(format) && request.follow) settings.union = fileSettings.union = header;
  const abort = (): void => {
    for (const channel of opened) channel.abort();
  };
  try {
    const makeSlotWriter = () => createWriter(format, fileSettings, plan.sources, memory);
    const live = slots && request.follow ? new LiveSlots(run, plan, memory, makeSlotWriter, slots) : undefined;
    const split = slots && !request.follow ? new SlotWriter(run, plan, memory, makeSlotWriter(), slots) : undefined;
    for (const each of [live, split]) if (each !== undefined) opened.push(each);
    const records =
      live ??
      split ??
      (io.receiver === undefined
        ? open(recordsSink(run, plan, outputs), format, plan.memory.output, settings)
        : openReceiver(io.receiver, plan.sources, memory));
    const duplicates =
      request.duplicates === undefined
        ? undefined
        : open(fileAt('--duplicates', request.duplicates), format, OUTPUT_ROOM);
    const rejects =
      request.rejects === undefined ? undefined : open(fileAt('--rejects', request.rejects), 'raw', OUTPUT_ROOM);
    const late =
      request.lateOutput === undefined
        ? undefined
        : open(fileAt('--late-output', request.lateOutput), 'raw', OUTPUT_ROOM);
    return {
      records,
      duplicates,
      rejects,
      late,
      slots: live,
      header,
      admit(source) {
        if (isTabular(format)) unionOfColumns({ ...settings, union: header }, [source]);
      },
      last: outputs.lastIn('--output'),
      begin() {
        if (!outputs.continues('--output')) records.begin();
        duplicates?.begin();
      },
      flush() {
        for (const channel of opened) channel.flush();
      },
      renew() {
        for (const channel of opened) channel.renew?.();
      },
      publish() {
        for (const channel of opened) channel.publish?.();
      },
      followNames() {
        for (const channel of opened) {
          const where = channel.followName?.();
          if (where === undefined) continue;
          if (channel === records || channel === duplicates) channel.begin();
          io.warn({ code: 'note', where, what: 'was moved away', hint: 'goes on in a new file of that name' });
        }
      },
      settle() {
        for (const channel of opened) channel.flush();
        return outputs.settle();
      },
      seal: () => split?.seal() ?? [],
      // The output comes last: where it is complete, so is the rest.
      commit() {
        for (const channel of opened.toReversed()) channel.commit();
      },
      commitSides() {
        for (const channel of [late, rejects, duplicates]) channel?.commit();
      },
      abort,
    };
  } catch (error) {
    abort();
    throw error;
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
    flush: () => output.flush(),
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
