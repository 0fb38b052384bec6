import { formatCount, plural } from '../../core/count-text.ts';
import type { StateShown } from '../../stored.ts';
import { EXIT } from '../exit-codes.ts';
import { isGiven, usage } from '../given.ts';
import type { CliIo } from '../io.ts';
import { BLANK, wrapIndented } from '../wrap.ts';
import type { Invocation } from './index.ts';

/** `tsalign state show FILE`, `tsalign state forget FILE [SOURCE...]`. */
export async function state({ operands, given, io, library }: Invocation): Promise<number | undefined> {
  const [action, file, ...names] = operands;
  if (action === undefined) return undefined;
  if (action !== 'show' && action !== 'forget')
    throw usage(action, 'state can be shown or forgotten', `say ${exampleOf('show')}, or ${exampleOf('forget')}`);
  if (file === undefined)
    throw usage(`state ${action}`, 'names no state', `name the file of --state, like ${exampleOf(action)}`);
  const { showState, forgetState } = await library();
  if (action === 'show') {
    if (names.length > 0) throw usage(names[0], 'state show takes one file', 'leave the others out');
    const known = showState(file, io.cwd);
    io.writeOut(isGiven(given, '--json') ? `${JSON.stringify(known, null, 2)}\n` : shown(describe(known), io));
    return EXIT.done;
  }
  const count = await forgetState(file, names, io.cwd, io.signal);
  io.writeOut(shown(`forgot ${plural(count, 'source')}${names.length === 0 ? ' and the state' : ''}; ${AGAIN}\n`, io));
  return EXIT.done;
}

const exampleOf = (action: string): string => `tsalign state ${action} app.state`;

const AGAIN =
  'the next run takes what it finds from its beginning: of what was rotated away, the files that are named or that --rotated finds';

const shown = (text: string, io: CliIo): string =>
  io.stdoutIsTerminal ? wrapIndented(text, io.columns(), BLANK) : text;

function describe({ settings, sources, outputs }: StateShown): string {
  const written = new Set(outputs.map(({ option }) => option));
  const lines = [
    ...sources.map(describeSource),
    ...outputs.map(
      ({ option, file, length, last }) =>
        `${option} ${file}: ${plural(length, 'byte')}${last === undefined ? '' : `, to ${last}`}`,
    ),
    ...Object.entries(settings)
      .filter(([option]) => !written.has(option))
      .map(([option, value]) => `${NAMES[option] ?? option}: ${Array.isArray(value) ? value.join(' ') : value}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What is kept in a state and is no option. */
const NAMES: Readonly<Record<string, string>> = { digits: 'digits of a second in stamps' };

function describeSource({ label, file, offset, lines, last, again, lost }: StateShown['sources'][number]): string {
  const parts = [
    `${file} as ${label}: ${plural(offset, 'byte')}, ${plural(lines, 'line')} taken${last === undefined ? '' : `, to ${last}`}`,
    ...(again === undefined ? [] : [`some behind byte ${formatCount(again)} still to be written`]),
    ...(lost ? ['its rest is lost'] : []),
  ];
  return parts.join('; ');
}
