import { formatCount } from '../core/count-text.ts';
import { statSync } from '../core/disk.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';

/** Says what will be cut off of outputs although no run was killed, which leaves such: another program may have written it. */
export function sayForeign(run: Run, { document, followsDead }: Session): void {
  if (followsDead) return;
  for (const { file, length } of Object.values(document.outputs)) {
    const more = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) - length;
    if (more <= 0) continue;
    const bytes = more === 1 ? '1 byte is' : `${formatCount(more)} bytes are`;
    const what = `${bytes} cut off behind what earlier runs wrote: another program's, or of a run that could not save its state`;
    run.io.warn({ code: 'state', where: file, what, hint: 'only tsalign may write to it' });
    run.setAside();
  }
}
