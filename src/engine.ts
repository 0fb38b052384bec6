/** What commands, tests and benches call. The library's own face is index.ts. */
export { TsalignError } from './core/problem.ts';
export { listFormats, readFirstLine, readLine } from './formats.ts';
export { runInspect } from './inspect.ts';
export { runMerge } from './pipeline.ts';
export type { MergeRequest, MergeResult, MergeSummary, ProgressState, RunIo } from './request.ts';
export { NOTHING_ASKED } from './request.ts';
export { verifySlots } from './slots.ts';
export { forgetState, showState } from './stored.ts';
