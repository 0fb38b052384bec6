import { plural } from '../../core/count-text.ts';
import { EXIT } from '../exit-codes.ts';
import { isGiven, usage } from '../given.ts';
import type { Invocation } from './index.ts';

/** `tsalign verify FOLDER`. */
export async function verify({ operands, given, io, library }: Invocation): Promise<number | undefined> {
  const [folder, other] = operands;
  if (folder === undefined) return undefined;
  if (other !== undefined) throw usage(other, 'verify takes one folder', 'leave the others out');
  const { verifySlots } = await library();
  const found = await verifySlots(folder, io.cwd);
  const { slots, records, bytes, trouble } = found;
  const code = trouble.length === 0 ? EXIT.done : EXIT.setAside;
  if (isGiven(given, '--json')) {
    io.writeOut(`${JSON.stringify(found, null, 2)}\n`);
    return code;
  }
  for (const { slot, what } of trouble) io.writeOut(`${slot}: ${what}\n`);
  const verdict = trouble.length === 0 ? 'all as written' : `${trouble.length} not as written`;
  const count = `${plural(slots, 'slot')}, ${plural(records, 'record')}, ${plural(bytes, 'byte')}: ${verdict}\n`;
  if (!isGiven(given, '--quiet')) io.writeOut(count);
  return code;
}
