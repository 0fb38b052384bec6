import type { ListFormats, ReadFirstLine, ReadLine } from '../../formats.ts';
import type { RunInspect } from '../../inspect.ts';
import type { RunMerge } from '../../request.ts';
import type { verifySlots as VerifySlots } from '../../slots.ts';
import type { forgetState as ForgetState, showState as ShowState } from '../../stored.ts';
import { SHELLS } from '../completion/shells.ts';
import type { Values } from '../completion/values.ts';
import type { Given } from '../given.ts';
import type { CliIo } from '../io.ts';
import type { Messages } from '../messages.ts';
import type { CommandName } from '../options.ts';
import type { Progress } from '../progress.ts';

/** What a command is given: the words behind its name, the options, and the world. */
export interface Invocation {
  operands: readonly string[];
  given: Given;
  io: CliIo;
  messages: Messages;
  progress: Progress;
  /** Loaded on call: it is heavy, and a mistake in the options needs none of it. */
  library(): Promise<Library>;
}

/** What commands call of the library; tests give their own. */
export interface Library {
  runMerge: RunMerge;
  runInspect: RunInspect;
  listFormats: ListFormats;
  readLine: ReadLine;
  readFirstLine: ReadFirstLine;
  showState: typeof ShowState;
  forgetState: typeof ForgetState;
  verifySlots: typeof VerifySlots;
}

/** Does the work and returns the exit code; undefined where its help is to be shown as a usage error. */
export type RunCommand = (invocation: Invocation) => Promise<number | undefined>;

export interface CommandRow {
  name: CommandName;
  /** What stands behind its name. */
  usage: string;
  /** What completion offers for them. */
  operands: Values;
  /** Words of which one stands before them. */
  first?: readonly string[];
  /** Whether it writes to stdout while it runs, so that no progress line may be drawn where stdout is the terminal. */
  streams?: true;
  /** Whether it belongs to jobs that run by themselves, and not to what people type first. */
  unattended?: true;
  summary: string;
  description: string;
  /** What people would type first, with a word on each. */
  examples: readonly (readonly [command: string, does: string])[];
  /** What stands below the options. */
  footer: string;
  load(): Promise<RunCommand>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'merge',
    usage: '[options] SOURCE...',
    operands: { kind: 'file' },
    streams: true,
    summary: 'write the records of all sources as one stream, in order of time',
    description:
      'Reads text, CSV and NDJSON, gzipped or not, finds format, time and zone of each source by itself, and writes ' +
      'every record in the order of its UTC instant. Sources are files, quoted globs, folders (with -r), and - for stdin.',
    examples: [
      ['tsalign merge web.log db.csv app.ndjson', 'any three formats'],
      ["tsalign merge 'logs/**/*.log.gz' -o day.log", 'appears when complete'],
      ['kubectl logs pod | tsalign merge - node.log | less', 'stdin is a source'],
      ['tsalign merge a.log b.log --tz b.log=Asia/Tokyo', 'zone of one source'],
      ["tsalign merge '*.log' --since '2h ago' -O ndjson", 'a range, as JSON'],
    ],
    footer:
      '* VALUE, or GLOB=VALUE for some sources; may be repeated, the last match wins.\n' +
      'The first choice is the default; -O and --compress follow the name behind -o.\n' +
      'Exit: 0 done; 1 done, but something was set aside; 2 could not do it; 75 locked;\n' +
      '129, 130, 143 a signal ended it (with --follow that is its end: 0 or 1).',
    load: async () => (await import('./merge.ts')).merge,
  },
  {
    name: 'inspect',
    usage: '[options] SOURCE...',
    operands: { kind: 'file' },
    summary: 'tell what is in sources, and when, without writing a record',
    description:
      'Reads every source once, as merge would, and tells its format, timestamps, zone and time, what is out of order ' +
      'and where nothing happened; then draws all sources over one axis of time.',
    examples: [
      ['tsalign inspect web.log db.csv app.ndjson', 'what would be merged'],
      ["tsalign inspect 'logs/**/*.gz' | less", 'a whole folder of logs'],
      ['tsalign inspect app.log --since 06:00 --until 06:05', 'five minutes, closely'],
      ["tsalign inspect *.log --json | jq '.sources[].late'", 'for scripts'],
    ],
    footer:
      '* VALUE, or GLOB=VALUE for some sources; may be repeated, the last match wins.\n' +
      'Exit: 0 done; 1 done, but some sources cannot be read; 2 none can, or a mistake;\n' +
      '129, 130, 143 a signal ended it.',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  {
    name: 'formats',
    usage: '[options] [LINE | NAME | -]',
    operands: { kind: 'formats' },
    summary: 'list the timestamp formats, or tell how a line is read',
    description:
      'Without a line, lists the formats of timestamps that are found by themselves. With one, tells which of them reads ' +
      'it, where, as what instant, what had to be assumed, and what others would have read. Of stdin (-) it is the first ' +
      'line; how all of a file is read, tsalign inspect tells.',
    examples: [
      ['tsalign formats', 'the table'],
      ["tsalign formats 'Mar 10 06:59:58 gw kernel: up'", 'how a line is read'],
      ['tail -n 1 app.log | tsalign formats', 'how a file ends'],
      ['tsalign formats syslog', 'samples of one format'],
    ],
    footer: 'Exit: 0 done; 2 no timestamp was found, or a mistake.',
    load: async () => (await import('./formats.ts')).formats,
  },
  {
    name: 'state',
    unattended: true,
    usage: 'show|forget FILE [SOURCE...]',
    first: ['show', 'forget'],
    operands: { kind: 'file' },
    summary: 'show what a --state knows, or forget it',
    description:
      'Shows how far the runs with a --state have come in each source, or forgets sources, so that the next run takes ' +
      'them from their beginning; without sources, all of it.',
    examples: [
      ['tsalign state show app.state', 'how far runs have come'],
      ['tsalign state forget app.state web.log', 'read it all again'],
    ],
    footer: 'Exit: 0 done; 2 could not do it; 75 a run is at work with it.',
    load: async () => (await import('./state.ts')).state,
  },
  {
    name: 'verify',
    unattended: true,
    usage: 'FOLDER',
    operands: { kind: 'file' },
    summary: 'check the files of --split-by against their manifest',
    description:
      'Reads every slot that the manifest of a folder tells of, and checks that it is there and byte for byte what was ' +
      'written, that its records are as many and in order where its format tells (of text the order only, of raw ' +
      'neither), that slots follow one another in time, and that no other file has the name of a slot.',
    examples: [['tsalign verify out', 'the folder of the slots']],
    footer: 'Exit: 0 all as written; 1 some are not; 2 there is no manifest, or a mistake.',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'completion',
    usage: 'bash|zsh|fish',
    operands: { kind: 'words', words: SHELLS },
    summary: 'print a script that completes commands, options, values and files',
    description:
      'Prints a script for a shell, which then completes commands, options, their values, zones, timestamp formats and ' +
      'files.',
    examples: [
      ['source <(tsalign completion bash)', 'in ~/.bashrc'],
      ['source <(tsalign completion zsh)', 'in ~/.zshrc'],
      ['tsalign completion fish | source', 'in config.fish'],
    ],
    footer: 'Exit: 0 done; 2 a mistake.',
    load: async () => (await import('./completion.ts')).completion,
  },
];
