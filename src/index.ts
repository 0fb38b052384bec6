/** The library: records merged in the order of time, what is in sources, and how stamps are read. */

export type { Chunk } from './api/given-stream.ts';
export { formats, inspect } from './api/inspect.ts';
export { type FollowOptions, follow, type Merge, type MergeOptions, merge } from './api/merge.ts';
export type { ReadOptions } from './api/options.ts';
export type { NamedSource, Source } from './api/sources.ts';
export { PROBLEM_CODES, type Problem, type ProblemCode, TsalignError } from './core/problem.ts';
export type { FormatRow, LineReading } from './formats.ts';
export type { Density, Inspection, SourceInspection } from './inspect.ts';
export type { DedupRequest, MergedRecord, MergeResult, MergeSummary } from './request.ts';
