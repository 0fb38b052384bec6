export {
  BlockReader,
  BYTES_PER_STREAM_ROW,
  frameRows,
  InputWindow,
  lastLine,
  type Pass,
  tooLarge,
} from './block-reader.ts';
export { checkOrder, OrderCheck } from './check.ts';
export { HeldRun } from './held-run.ts';
export { type MergeInput, mergeInputs, type TakeRows } from './merge.ts';
export { type MergeRoom, reduceRuns } from './reduce.ts';
export { RunReader, RunWriter, type SortedRun, takeStaging } from './run.ts';
export { RunFile } from './run-file.ts';
export { Sorter } from './sorter.ts';
export { mostWindows, WindowReader, type WindowSize, windowSize } from './window-reader.ts';
