import type { StateShown } from '../../stored.ts';
import { EXIT } from '../exit-codes.ts';
import { isGiven, usage } from '../given.ts';
import type { Invocation } from './index.ts';

/** `tsalign state show FILE`, `tsalign state forget FILE [SOURCE...]`. */
export async function state({ operands, given, io, library }: Invocation): Promise<number | undefined> {
  const [action, file, ...names] = operands;
  if (action === undefined) return undefined;
  if (action !== 'show' && action !== 'forget')
    throw usage(action, 'state can be shown or forgotten', 'say show or forget');
  if (file === undefined) throw usage(`state ${action}`, 'names no state', 'name the file of --state');
  const { showState, forgetState } = await library();
  if (action === 'show') {
    if (names.length > 0) throw usage(names[0] as string, 'state show takes one file', 'leave the others out');
    const shown = showState(file, io.cwd);
    io.writeOut(isGiven(given, '--json') ? `${JSON.stringify(shown, null, 2)}\n` : describe(shown));
    return EXIT.done;
  }
  const count = await forgetState(file, names, io.cwd, io.signal);
  io.writeOut(`forgot ${count} ${count === 1 ? 'source' : 'sources'}${names.length === 0 ? ' and the state' : ''}\n`);
  return EXIT.done;
}

function describe({ settings, sources, outputs }: StateShown): string {
  const lines = [
    ...sources.map(
      ({ label, file, offset, lines, last, lost, again }) =>
        `${file} as ${label}: ${offset} bytes, ${lines} ${lines === 1 ? 'line' : 'lines'} taken${last === undefined ? '' : `, to ${last}`}${again === undefined ? '' : `; some behind byte ${again} still to be written`}${lost ? '; its rest is lost' : ''}`,
    ),
    ...outputs.map(
      ({ option, file, length, last }) =>
        `${option} ${file}: ${length} bytes${last === undefined ? '' : `, to ${last}`}`,
    ),
    ...Object.entries(settings).map(
      ([option, value]) => `${option}: ${Array.isArray(value) ? value.join(' ') : value}`,
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
