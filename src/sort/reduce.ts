import type { Memory } from '../core/memory.ts';
import type { Staging } from '../kernel/gather.ts';
import { mergeInputs } from './merge.ts';
import { RunReader, RunWriter, readerNeeds, type SortedRun } from './run.ts';
import type { RunFile } from './run-file.ts';

/** What the readers of a merge may take. */
export interface MergeRoom {
  bytes: number;
  rows: number;
}

/**
 * Merges neighbouring runs to longer ones, in as many passes as it takes, until all that are left can be read at once
 * within `room`. Runs keep their order, since that is the order of ties.
 */
export async function reduceRuns(
  memory: Memory,
  runs: readonly SortedRun[],
  room: MergeRoom,
  staging: Staging,
  makeRunFile: () => RunFile,
  pause: () => Promise<void>,
): Promise<SortedRun[]> {
  let current = [...runs];
  for (let groups = groupRuns(current, room); groups.length > 1; groups = groupRuns(current, room)) {
    const file = makeRunFile();
    const next: SortedRun[] = [];
    for (const group of groups) {
      const writer = new RunWriter(memory, file, staging);
      const inputs = group.map((run) => new RunReader(memory, run));
      const take = (rows: Int32Array, count: number): boolean => {
        writer.write(rows, 0, count);
        return true;
      };
      await mergeInputs(memory, inputs, take, pause);
      next.push(writer.finish());
    }
    current = next;
  }
  return current;
}

/** Cuts the list of runs into neighbours that can be read together: at least two, since a record is at most a quarter of the memory. */
function groupRuns(runs: readonly SortedRun[], room: MergeRoom): SortedRun[][] {
  const groups: SortedRun[][] = [];
  let group: SortedRun[] = [];
  let bytes = 0;
  let rows = 0;
  for (const run of runs) {
    const needs = readerNeeds(run);
    if (group.length >= 2 && (bytes + needs.bytes > room.bytes || rows + needs.rows > room.rows)) {
      groups.push(group);
      group = [];
      bytes = 0;
      rows = 0;
    }
    group.push(run);
    bytes += needs.bytes;
    rows += needs.rows;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
