import { resolve } from 'node:path';
import { existsSync, statSync } from '../../core/disk.ts';
import { formatInstantShort } from '../../core/instant.ts';
import { didYouMean } from '../../core/registry.ts';
import type { FormatRow, LineReading } from '../../formats.ts';
import { decideColor } from '../color.ts';
import { EXIT } from '../exit-codes.ts';
import { type Given, isGiven, usage } from '../given.ts';
import type { CliIo } from '../io.ts';
import { visible } from '../messages.ts';
import { BLANK, wrap } from '../wrap.ts';
import type { Invocation } from './index.ts';
import { colorChoiceOf, requestOf } from './merge.ts';

/** `tsalign formats`: the table, one row of it, or how a line is read. */
export async function formats(invocation: Invocation): Promise<number> {
  const { given, io, library } = invocation;
  const { listFormats, readLine } = await library();
  const request = requestOf(['-'], given, io);
  const line = await lineOf(invocation);
  const asJson = isGiven(given, '--json');
  if (line !== undefined && !isName(line)) {
    checkNoFile(line, io);
    const reading = await readLine(line, request, io);
    io.writeOut(asJson ? json(readingJson(reading)) : await readingText(reading, given, io));
    return EXIT.done;
  }
  const rows = await listFormats(request, io);
  const shown = line === undefined ? rows : rowsNamed(line, rows, io);
  if (asJson) io.writeOut(json(shown));
  else io.writeOut(line === undefined ? tableText(rows, io.columns()) : shown.map(rowText).join('\n'));
  return EXIT.done;
}

/** What was typed, or else the first line of stdin; undefined where there is neither. @throws TsalignError 'usage' */
async function lineOf({ operands, io, library }: Invocation): Promise<string | undefined> {
  // Words of a line that was not quoted.
  const typed = operands.join(' ');
  if (operands.length > 0 && typed !== '-') return typed;
  if (typed !== '-' && !io.stdinIsSource) return undefined;
  const { readFirstLine } = await library();
  const line = await readFirstLine(io.stdin);
  if (line === undefined && typed === '-') throw usage('stdin', 'there was no line to read');
  return line;
}

/** One line does not tell what a file is. @throws TsalignError 'usage' */
function checkNoFile(typed: string, { cwd }: CliIo): void {
  const path = resolve(cwd, typed);
  // Of a text that can be no path, statSync throws.
  if (!existsSync(path) || !statSync(path).isFile()) return;
  const hint = `tsalign inspect '${typed}' tells how a file is read; tsalign formats < '${typed}', how its first line is`;
  throw usage(typed, 'is a file, and this command reads a line', hint);
}

function rowsNamed(name: string, rows: readonly FormatRow[], io: CliIo): FormatRow[] {
  const named = rows.filter((row) => [row.name, ...row.aliases].includes(name.toLowerCase()));
  if (named.length > 0) return named;
  checkNoFile(name, io);
  const names = rows.flatMap(({ name, aliases }) => [name, ...aliases]);
  const near = didYouMean(name, names);
  const hint = near === undefined ? 'tsalign formats lists them' : `did you mean "${near}"?`;
  throw usage(name, 'there is no format of this name, nor a timestamp in it', hint);
}

/** A stamp has a digit; of the names only those that end in one, behind letters, do. */
const isName = (line: string): boolean => /^[A-Za-z-]+\d*$/.test(line);

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const NAME_WIDTH = 16;
/** Where lines are longer, the table says what each format is. */
const WIDE = 120;
const DESCRIPTION_WIDTH = 58;

function tableText(rows: readonly FormatRow[], columns: number): string {
  const width = columns < WIDE ? 0 : DESCRIPTION_WIDTH + 2;
  const room = columns - NAME_WIDTH - width;
  const lines = rows.flatMap(({ name, description, samples }) => {
    const [said = '', ...more] = width === 0 ? [] : wrap(description, DESCRIPTION_WIDTH, BLANK);
    const first = `${name.padEnd(NAME_WIDTH)}${said.padEnd(width)}${cut(samples[0]?.line ?? '', room)}`;
    return [first, ...more.map((line) => `${' '.repeat(NAME_WIDTH)}${line}`)];
  });
  return `${lines.join('\n')}\n\n${MORE}`;
}

const MORE = `How a line is read:  tsalign formats 'LINE'
More of one format:  tsalign formats NAME
`;

const cut = (text: string, room: number): string => clip(visible(text.replaceAll('\t', ' ')), room);

const clip = (shown: string, room: number): string => (shown.length <= room ? shown : `${shown.slice(0, room - 3)}...`);

function rowText({ name, aliases, description, samples }: FormatRow): string {
  const lines = samples.map(({ line, instant }) => `  ${visible(line)}\n    ${instant}`);
  const also = aliases.length === 0 ? '' : ` (also ${aliases.join(', ')})`;
  return `${name}${also}: ${description}\n${lines.join('\n')}\n`;
}

/** The line with its stamp underlined, and what was made of it. */
async function readingText(reading: LineReading, given: Given, io: CliIo): Promise<string> {
  const { framed, format, instant, assumed, rivals } = reading;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: decideColor(colorChoiceOf(given), io.env, io.stdoutIsTerminal) });
  const facts: [string, string][] = [
    ['instant', chalk.bold(formatInstantShort(instant))],
    ['format', `${format.name}: ${format.description}`],
    ...(framed.startsWith('text') ? [] : ([['fields', framed]] as [string, string][])),
    ...assumed.map(({ what, hint }, i): [string, string] => [i === 0 ? 'assumed' : '', `${what} (${hint})`]),
    ...rivals.map((rival, i): [string, string] => [i === 0 ? 'rivals' : '', rivalText(rival)]),
    ...(hasOtherPlace(reading) ? [OTHER_PLACE] : []),
  ];
  const room = io.stdoutIsTerminal ? io.columns() - FACT_WIDTH : Number.POSITIVE_INFINITY;
  return `${shownLine(reading, io)}${facts.flatMap((fact) => factLines(fact, room)).join('\n')}\n`;
}

/** Where a line has several stamps, its neighbours show which of them is the record's. */
const OTHER_PLACE: [string, string] = [
  'note',
  'of a file, its other lines help to choose among several stamps: tsalign inspect FILE tells which is read',
];

function hasOtherPlace({ line, stamp, rivals }: LineReading): boolean {
  if (stamp === undefined) return false;
  const rest = `${line.slice(0, stamp.at)}\n${line.slice(stamp.at + stamp.length)}`;
  return rivals.some(({ text }) => rest.includes(text));
}

const FACT_WIDTH = 9;

const factLines = ([name, text]: readonly [string, string], room: number): string[] =>
  wrap(text, room, BLANK).map((line, i) => `${(i === 0 ? name : '').padEnd(FACT_WIDTH)}${line}`);

const rivalText = ({ format, text, instant }: LineReading['rivals'][number]): string =>
  `${format} would read "${visible(text)}" as ${formatInstantShort(instant)}`;

/** What is shown before the stamp, of a line that a terminal would break before its end. */
const CONTEXT = 20;

/** The line with its stamp underlined. Control characters are shown longer than they are, so the place is found in what is shown. */
function shownLine({ line, stamp }: LineReading, io: CliIo): string {
  const room = io.stdoutIsTerminal ? io.columns() : Number.POSITIVE_INFINITY;
  if (stamp === undefined) return `${clip(visible(line), room)}\n`;
  const before = visible(line.slice(0, stamp.at));
  const text = visible(line.slice(stamp.at, stamp.at + stamp.length));
  const shown = before.length + text.length < room ? before : `...${before.slice(-CONTEXT)}`;
  const rest = visible(line.slice(stamp.at + stamp.length));
  return `${clip(shown + text + rest, room)}\n${' '.repeat(shown.length)}${'^'.repeat(text.length)}\n`;
}

const readingJson = ({ instant, rivals, stamp, format, ...rest }: LineReading) => ({
  ...rest,
  format: format.name,
  instant: formatInstantShort(instant),
  stamp: stamp ?? null,
  rivals: rivals.map((rival) => ({ ...rival, instant: formatInstantShort(rival.instant) })),
});
