import {
  DAY_ORDERS,
  DST_RULES,
  INPUT_FORMAT_NAMES,
  LATE_RULES,
  LOCK_RULES,
  OUTPUT_COMPRESSIONS,
  OUTPUT_FORMAT_NAMES,
  PRECISIONS,
  STAMP_PLACES,
  UNDATED_RULES,
} from '../request.ts';
import { COLOR_CHOICES } from './color.ts';

/** One option: all that is known of it. Help, man page, README and completion come from this table. */
export interface OptionRow {
  /** As commander reads them: `-n, --limit <count>`. */
  flags: string;
  group: Group;
  /** One line of help, short enough for 80 columns. */
  description: string;
  /** The only values it may have; help lists them behind the description. */
  choices?: readonly string[];
  /** Takes `VALUE` or `GLOB=VALUE`, any number of times. Of other options the last one counts. */
  perSource?: true;
  /** Twice is a mistake, since only one file would be written. */
  once?: true;
  /** Where the value may be left out: which next words are one, and the value otherwise. */
  optionalValue?: { pattern: RegExp; otherwise: string };
  /** Whether `-h` shows it; `--help` and the man page show all. */
  everyday?: true;
  commands: readonly CommandName[];
}

export type CommandName = 'merge' | 'inspect' | 'formats' | 'completion' | 'state' | 'verify';

/** In the order of help. */
export const GROUPS = [
  'Input',
  'Time',
  'Select',
  'Order',
  'Duplicates',
  'Trouble',
  'Live',
  'Unattended',
  'Output',
  'Messages',
] as const;
export type Group = (typeof GROUPS)[number];

const DEDUP_KINDS = ['overlap', 'exact', 'key=FIELD,...'] as const;
const ERROR_STYLES = ['text', 'json'] as const;

const row = (group: Group, flags: string, description: string, rest: Partial<OptionRow> = {}): OptionRow => ({
  flags,
  group,
  description,
  commands: ['merge'],
  ...rest,
});

const perSource = true;
const once = true;
const everyday = true;
/** What finds, cuts and dates records is the same for every command that reads sources. */
const commands: readonly CommandName[] = ['merge', 'inspect'];
/** What a single line needs of them. */
const ofLines: readonly CommandName[] = ['merge', 'inspect', 'formats'];

export const OPTIONS: readonly OptionRow[] = [
  row('Input', '-r, --recursive', 'read the files in folders', { commands, everyday }),
  row('Input', '--files-from <file>', 'read the paths in a list, too; - is stdin', { once, commands }),
  row('Input', '-0, --null', 'NUL ends each path of the list (find -print0)', { commands }),
  row('Input', '--rotated', 'with the rotated files of each: app.log.1, .2.gz', { commands, everyday }),
  row('Input', '--follow', 'go on with what is written to them from now on', { everyday }),
  row('Input', '--input-format <name>', 'kind *', { perSource, choices: INPUT_FORMAT_NAMES, commands: ofLines }),
  row('Input', '--encoding <name>', 'how text is written, if not in UTF-8: latin1 *', { perSource, commands }),
  row('Input', '--delimiter <char>', "what stands between CSV fields: ';', tab, '\\x01' *", { perSource, commands }),
  row('Input', '--no-header', 'CSV has no header; its columns are column1, ...', { commands }),
  row('Input', '--label <name>', 'name of sources in output and messages *', { perSource, commands }),
  row('Input', '--keep-going', 'leave out a source that cannot be read (exit 1)', { everyday }),
  row('Input', '--config <file>', 'options from a file, one a line ($TSALIGN_CONFIG)', { once, commands: ofLines }),
  row('Input', '--no-config', 'no options from a file', { commands: ofLines }),

  row('Time', '--tz <zone>', 'zone of stamps without one: Area/City, +01:00 *', {
    perSource,
    commands: ofLines,
    everyday,
  }),
  row('Time', '--tz-abbr <abbr=zone>', 'what IST means: IST=Asia/Kolkata; may be repeated', { commands: ofLines }),
  row('Time', '--dst <rule>', 'clock changes', { choices: DST_RULES, commands: ofLines }),
  row('Time', '--time-field <name>', 'column or member of the time: ts, a.b, 2 *', {
    perSource,
    commands: ofLines,
    everyday,
  }),
  row('Time', '--time-format <tokens>', 'how stamps are written: dd/MM/yyyy HH:mm:ss *', {
    perSource,
    commands: ofLines,
    everyday,
  }),
  row('Time', '--day-order <order>', 'what 03/04/2024 means *', { perSource, choices: DAY_ORDERS, commands: ofLines }),
  row('Time', '--year <year>', 'year of the first record, if stamps have none *', {
    perSource,
    commands: ofLines,
    everyday,
  }),
  row('Time', '--time-anchor <time>', 'first day of bare times; start of uptimes *', { perSource, commands: ofLines }),
  row('Time', '--formats-file <file>', 'your own timestamp formats, as YAML', { once, commands: ofLines }),
  row('Time', '--shift <duration>', 'move stamps, for a clock that is off: -1.5s, 2h *', {
    perSource,
    commands,
    everyday,
  }),

  row('Select', '--since <time>', 'records at or after: 2024-03-10T06:00Z, 2h ago', { commands, everyday }),
  row('Select', '--until <time>', 'records before', { commands, everyday }),
  row('Select', '--match <regex>', 'records whose text matches', { everyday }),
  row('Select', '-n, --limit <count>', 'only the first so many records of the output', { everyday }),

  row('Order', '-S, --memory <size>', 'memory for records, 16MiB to 2GiB (256MiB)', { commands }),
  row('Order', '-T, --temp-dir <folder>', 'where sorted runs go ($TMPDIR, else /var/tmp)', { commands }),
  row('Order', '--threads <count>', '1: nothing is decompressed ahead while merging (2)'),
  row('Order', '--presorted', 'sources are in order; stop where one is not'),

  row('Duplicates', '--dedup [kind]', 'write copies once', {
    choices: DEDUP_KINDS,
    optionalValue: { pattern: /^(overlap|exact|key=.*)$/, otherwise: 'overlap' },
    everyday,
  }),
  row('Duplicates', '--no-dedup', 'keep copies, also in rotated files of one label'),
  row('Duplicates', '--dedup-window <duration>', 'how far apart copies may be, with key= (0s)'),
  row('Duplicates', '--duplicates <file>', 'write the copies that were removed to a file', { once }),

  row('Trouble', '--undated <rule>', 'broken or undatable records', { choices: UNDATED_RULES }),
  row('Trouble', '--rejects <file>', 'write those set aside to a file (--undated reject)', { once }),
  row('Trouble', '--strict', 'end at the first warning (exit 2); notes are none', { commands }),

  row('Live', '--from <when>', 'begin now, or so long ago (10m)'),
  row('Live', '--watermark-delay <time>', 'how late records may come in their source (1s)'),
  row('Live', '--idle-timeout <time>', 'how long a silent source is waited for (1s)'),
  row('Live', '--allowed-lateness <t>', 'how long a slot takes what comes late (1h)'),
  row('Live', '--report-interval <time>', 'write a line into --report so often: 10s'),
  row('Live', '--checkpoint-interval <t>', 'with --state, how often it is saved (5s)'),

  row('Unattended', '--state <file>', 'take only what is new since the last run with it', { once }),
  row('Unattended', '--final', 'take unfinished last lines, too'),
  row('Unattended', '--dry-run', 'print which bytes would be read, and do nothing'),
  row('Unattended', '--split-by <slot>', 'a file for each hour, day, 15m; -o names them: %F', { once }),
  row('Unattended', '--replace-slots', 'write anew the slots that are there'),
  row('Unattended', '--lock <rule>', 'while another run is at work', { choices: LOCK_RULES }),
  row('Unattended', '--late <rule>', 'records older than -o', { choices: LATE_RULES }),
  row('Unattended', '--late-output <file>', 'write those set aside to a file (--late reject)', { once }),

  row('Output', '-o, --output <file>', 'write to a file, which appears when complete', { once, everyday }),
  row('Output', '-O, --output-format <name>', 'output format', { choices: OUTPUT_FORMAT_NAMES, everyday }),
  row('Output', '--compress <name>', 'compress what is written', { choices: OUTPUT_COMPRESSIONS }),
  row('Output', '--stamp <place>', 'UTC stamp and label in text', { choices: STAMP_PLACES }),
  row('Output', '--columns <a,b>', 'members or keys to write as csv columns'),
  row('Output', '--no-source', 'without the label of the source'),
  row('Output', '--line-number', "with the record's line in its source"),
  row('Output', '--output-tz <zone>', 'zone of written stamps, and of --since and --until', { commands, everyday }),
  row('Output', '--precision <unit>', 'digits of stamps', { choices: PRECISIONS }),
  row('Output', '--color <when>', 'colour per source', { choices: COLOR_CHOICES, commands: ofLines }),

  row('Messages', '-q, --quiet', 'print errors only: no warnings, no summary', {
    commands: [...ofLines, 'verify'],
    everyday,
  }),
  row('Messages', '--no-progress', 'no progress line', { commands }),
  row('Messages', '--report <file>', 'write what was read and done with it, as JSON', { once, everyday }),
  row('Messages', '--errors <style>', 'messages on stderr', {
    choices: ERROR_STYLES,
    commands: [...ofLines, 'state', 'verify'],
  }),
  row('Messages', '--explain', 'print what would be done, and do nothing', { everyday }),
  row('Output', '--json', 'everything that was found out, as one JSON object', {
    commands: ['inspect', 'formats', 'state', 'verify'],
    everyday,
  }),
];

/** Its name, which is its long flag. @example '--limit' */
export function nameOf(option: OptionRow): string {
  const [name] = /--[a-z-]+/.exec(option.flags) ?? [];
  return name as string;
}

export const optionsOf = (command: CommandName): OptionRow[] =>
  OPTIONS.filter((option) => option.commands.includes(command));

/** Its flags as help shows them, and what stands for the value: `-n, --limit` and `<count>`; '' for a switch. */
export function flagsOf(option: OptionRow): { names: string[]; value: string } {
  const [, value = ''] = / ([<[].*)$/.exec(option.flags) ?? [];
  const names = option.flags
    .slice(0, option.flags.length - value.length)
    .trim()
    .split(', ');
  return { names, value };
}

/** The line of help, with the choices. */
export function helpOf(option: OptionRow): string {
  if (option.choices === undefined) return option.description;
  const star = option.perSource ? ' *' : '';
  return `${option.description.replace(/ \*$/, '')}: ${option.choices.join(', ')}${star}`;
}
