import { measure } from './measure.ts';
import type { Runner } from './table.ts';

/** Runs the commands in turns, so that what disturbs the machine disturbs all of them alike. */
export async function takeTurns(runners: readonly Runner[], rounds: number, output: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { command, runs } of runners) runs.push(await measure(command, output));
  }
}
