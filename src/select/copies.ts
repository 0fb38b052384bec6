import type { ContentTable } from './content-table.ts';

/** Receives rows, valid during the call; false: no more are wanted. */
export type EmitRows = (rows: Int32Array, count: number) => boolean;

/** Which copies of a record are written: those that no earlier source had, or only the very first. */
export type CopyRule = 'overlap' | 'exact';

export interface DedupSettings {
  rule: CopyRule;
  /** Whether records of this source can be duplicates at all. */
  takesPart: (source: number) => boolean;
  /** What is kept, in order. */
  emit: EmitRows;
  /** What is removed; unordered with respect to `emit`. */
  removed: (row: number) => void;
}

/** Whether the copy that the table counted last is to be written. */
export function isFirst(rule: CopyRule, table: ContentTable): boolean {
  return rule === 'overlap' ? table.copies > table.earlier : table.copies === 1 && table.earlier === 0;
}
