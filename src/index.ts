export { TsalignError } from './core/problem.ts';
export { type FormatRow, type LineReading, listFormats, readLine } from './formats.ts';
export { type Inspection, runInspect, type SourceInspection } from './inspect.ts';
export { runMerge } from './pipeline.ts';
export type { MergeRequest, MergeResult, MergeSummary, ProgressState, RunIo } from './request.ts';
export { NOTHING_ASKED } from './request.ts';
