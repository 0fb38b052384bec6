import path from 'node:path';
import { type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { expandSources, readPathList, realOutput, type SourcePath } from '../source/index.ts';
import type { StateDocument } from '../state/index.ts';
import { writtenFiles } from './combinations.ts';
import type { SlotsPlan } from './data.ts';
import { outputMatcher } from './slots.ts';

/**
 * The sources that are named, and where they come from.
 * @returns absent: the names behind which there is nothing
 */
export async function namedSources(
  request: MergeRequest,
  io: RunIo,
  slots: SlotsPlan | undefined,
  missing: Warn,
  document: StateDocument | undefined,
): Promise<{ paths: SourcePath[]; absent: Set<string> }> {
  const { recursive, rotated } = request;
  const { cwd, stdin, streams, warn } = io;
  const isOutput = outputMatcher(writtenFiles(request), slots, cwd);
  const listed = await listedPaths(request, io);
  const newOutput = Object.keys(document?.outputs ?? {}).length === 0;
  const absent = new Set<string>();
  const noteAbsent = (problem: Problem): void => {
    const { code, where = '' } = problem;
    if (code === 'no-source') absent.add(where);
    const wasThere = code === 'no-source' && document?.sources.some((source) => source.path === where);
    missing(wasThere ? { ...problem, ...GONE } : problem);
  };
  const settings = { recursive, rotated, listed, cwd, stdin, streams, isOutput, newOutput, warn, missing: noteAbsent };
  return { paths: expandSources(request.sources, settings), absent };
}

/** What is said of a source that runs with the state have read: no other name was meant. */
const GONE: Pick<Problem, 'what' | 'hint'> = {
  what: 'is no longer there',
  hint: '--keep-going, or a glob that matches it, goes on without it until it comes again',
};

/** The paths of --files-from. */
async function listedPaths({ filesFrom, nullSeparated }: MergeRequest, io: RunIo): Promise<string[]> {
  if (filesFrom === undefined) return [];
  const file = filesFrom === '-' ? filesFrom : path.resolve(io.cwd, filesFrom);
  return readPathList(file, { stdin: io.stdin, separator: nullSeparated ? '\0' : '\n' });
}

/** An output may replace its own input where it holds the same bytes in order, as with `sort -o`; what stands beside it may not. */
export function checkWritten(request: MergeRequest, format: string, paths: readonly SourcePath[], cwd: string): void {
  const written = writtenFiles(request);
  // The real path of a source takes longer than opening it.
  const files = new Set(written.length === 0 ? [] : paths.map(({ file }) => realOutput(file)));
  const once = request.state === undefined && !request.follow;
  for (const { option, path: file } of written) {
    if (!files.has(realOutput(path.resolve(cwd, file)))) continue;
    const isOutput = option === '--output' && once;
    if (isOutput && format === 'raw') continue;
    const hint = `give another file${isOutput ? ', or -O raw, which puts its records in order where they are' : ''}`;
    throw new TsalignError({ code: 'usage', where: option, what: `${file} is a source`, hint });
  }
}
