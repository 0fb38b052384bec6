import { readFileSync } from 'node:fs';
import { COMMANDS } from '../src/cli/commands/index.ts';
import { describe } from '../src/cli/completion/values.ts';
import { GROUPS, nameOf, OPTIONS, type OptionRow } from '../src/cli/options.ts';
import { OPTION_DETAILS } from './details.ts';

/** The man page and the lists of options, from the tables of commands and options. */

const detailsOf = (option: OptionRow): string => {
  const perSource = option.perSource ? 'VALUE, or GLOB=VALUE for some sources; may be repeated.' : '';
  return [OPTION_DETAILS[nameOf(option)] ?? '', perSource].filter((text) => text !== '').join(' ');
};

/** The commands that have an option; none where it is only merge, the main one. */
function commandsOf({ commands }: OptionRow): string {
  return commands.length === 1 && commands[0] === 'merge' ? '' : `Of ${commands.join(', ')}.`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** All options in markdown, a table for each group, with everything that is said of them. */
export function optionsTable(): string {
  return GROUPS.flatMap((group) => {
    const rows = OPTIONS.filter((option) => option.group === group);
    const textOf = (option: OptionRow): string =>
      [`${describe(option)}.`, detailsOf(option), commandsOf(option)].filter((text) => text !== '').join(' ');
    return rows.length === 0
      ? []
      : [`| ${group} | |`, '| --- | --- |', ...rows.map((row) => line(row, textOf(row))), ''];
  })
    .join('\n')
    .trimEnd();
}

/** Those of merge that are used every day, a line for each. */
export function everydayTable(): string {
  const rows = OPTIONS.filter(({ everyday, commands }) => everyday && commands.includes('merge'));
  return ['| option | |', '| --- | --- |', ...rows.map((row) => line(row, describe(row)))].join('\n');
}

const line = ({ flags }: OptionRow, text: string): string =>
  `| \`${flags.replaceAll('|', '\\|')}\` | ${cell(text.charAt(0).toUpperCase() + text.slice(1))} |`;

/** What roff would take for its own: backslashes, hyphens that must stay hyphens, a dot or quote that begins a line. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(['.])/gm, '\\&$1');

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;

const MODEL = `
.SH SOURCES
Paths, quoted globs, folders (with \\fB\\-r\\fR), and \\fB\\-\\fR for standard input, which is also read where no source is named and
it is a pipe or a file. Globs and folders give their files in the order of their names. What comes in need not be sorted or unpacked.
.PP
Settings per source are written \\fIVALUE\\fR, for all, or \\fIGLOB=VALUE\\fR, and may be repeated; the last that matches holds. A glob
without \\fB/\\fR matches file names.
`;

const END = `
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
Done, but something was set aside: rejected records, a source that was skipped, truncated input.
.TP
.B 2
It could not be done: a mistake in the options, a source that cannot be read, a full disk. No output was made or changed.
.TP
.B 75
Another run holds the lock.
.TP
.B 129, 130, 143
Ended by SIGHUP, SIGINT or SIGTERM. To a run with \\fB\\-\\-follow\\fR that is the end that it waits for (0 or 1), once what stood in its sources is merged.
.SH ENVIRONMENT
.TP
.B TSALIGN_CONFIG
A file of options, one a line, that are put before those of the command line; see \\fB\\-\\-config\\fR.
.TP
.B TMPDIR
Where sorted runs are kept, if \\fB\\-\\-temp\\-dir\\fR does not say.
.TP
.B NO_COLOR, FORCE_COLOR, COLORTERM, TERM
Whether and how to colour.
.SH SEE ALSO
.BR sort (1),
.BR journalctl (1),
.BR jq (1),
.BR lnav (1)
`;

/** man/tsalign.1. */
export function manPage(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const synopsis = COMMANDS.map(({ name, usage }) => `.br\n${bold(`tsalign ${name}`)} ${roff(usage)}`).join('\n');
  const commands = COMMANDS.map(
    ({ name, usage, description, examples }) =>
      `.SS ${name} ${roff(usage)}\n${roff(description)}\n.PP\n.nf\n${examples
        .map(([command, does]) => `${roff(command.padEnd(52))} # ${roff(does)}`)
        .join('\n')}\n.fi`,
  );
  const options = GROUPS.flatMap((group) => {
    const rows = OPTIONS.filter((option) => option.group === group);
    return rows.length === 0 ? [] : [`.SS ${group}`, ...rows.map(manOption)];
  });
  return `.\\" Made from the tables of commands and options (npm run docs); not to be edited.
.TH TSALIGN 1 "" "tsalign ${version}" "User Commands"
.SH NAME
tsalign \\- merge logs, CSV and NDJSON into one stream, every record at its UTC instant
.SH SYNOPSIS
${synopsis.replace(/^\.br\n/, '')}
.SH COMMANDS
${commands.join('\n')}
${MODEL.trim()}
.SH OPTIONS
Every command has \\fB\\-h\\fR, which prints the options of every day, and \\fB\\-\\-help\\fR, which prints all. Unless it is said, an option
is one of \\fBmerge\\fR. Of choices the first is the default.
${options.join('\n')}
${END.trim()}
`;
}

function manOption(option: OptionRow): string {
  const description = describe(option);
  const text = [
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    detailsOf(option),
    commandsOf(option),
  ];
  return `.TP\n${bold(option.flags)}\n${text
    .filter((each) => each !== '')
    .map(roff)
    .join('\n')}`;
}
