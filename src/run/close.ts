import type { Plan } from '../plan.ts';
import type { Run } from './run.ts';

/**
 * Closes the sources of a plan when it is made. A process that a signal ends does not wait for that; whoever lives on
 * after a run (`io.full`) waits until none of its work goes on.
 */
export async function closeSources(run: Run, planning: Promise<Plan>): Promise<void> {
  const closing = planning.then(
    ({ sources, follow }) => {
      for (const { open } of [...sources, ...(follow?.empty ?? [])]) open.close();
    },
    () => {},
  );
  if (run.io.full === undefined && run.io.signal.aborted) {
    closing.catch(() => {}); // nor does it fail for that
    return;
  }
  await closing;
  if (run.io.full !== undefined) await run.idle();
}
