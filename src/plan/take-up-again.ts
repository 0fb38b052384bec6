import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { statSync } from '../core/disk.ts';
import type { Problem } from '../core/problem.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import { Shrunk, type SourcePath } from '../source/index.ts';
import type { TakenUp } from './data.ts';
import { takeUpOnce } from './take-up.ts';

/** So often sources are taken up again that were truncated meanwhile, as rotation does; those that are followed until nothing truncates them. */
const TRIES = 20;
const PAUSE_MS = 10;

/**
 * Takes sources up (see takeUpOnce). What is truncated while it is looked at is something else then, and what rotation had
 * not begun anew has a file by now: all is looked at again.
 * @param absent names of logs for which there was no file
 * @throws TsalignError as takeUpOnce does
 */
export async function takeUpSources(
  absent: ReadonlySet<string>,
  ...[paths, request, io, missing, document, timing]: Parameters<typeof takeUpOnce>
): Promise<TakenUp> {
  let sought = paths;
  let waited = absent;
  for (let tries = 1; ; tries++) {
    const said: Problem[] = [];
    const gone = new Set(waited);
    const noteMissing = (problem: Problem): void => {
      if (problem.code === 'no-source') gone.add(problem.where ?? '');
      missing(problem);
    };
    const quiet = { ...io, warn: (problem: Problem) => said.push(problem) };
    const tried = structuredClone(document);
    try {
      const taken = await takeUpOnce(sought, request, quiet, noteMissing, tried, timing);
      const there = sought.filter(({ path }) => !gone.has(path));
      const came = request.follow && tries < TRIES ? cameMeanwhile(gone, request, io) : [];
      if (came.length === 0) {
        Object.assign(document, tried);
        for (const problem of said) io.warn(problem);
        return taken;
      }
      for (const { open } of [...taken.sources, ...taken.empty]) open.close();
      sought = [...there, ...came];
      for (const { path } of came) gone.delete(path);
      waited = gone;
    } catch (error) {
      if (!(error instanceof Shrunk) || (tries >= TRIES && !request.follow)) throw error;
      if (tries === TRIES)
        io.warn({ ...error.problem, code: 'note', hint: 'looked at again, until nothing truncates it' });
      await sleep(PAUSE_MS);
    }
  }
}

/** Logs that were named and had no file, and have one now. */
function cameMeanwhile(gone: ReadonlySet<string>, { sources }: MergeRequest, { cwd }: RunIo): SourcePath[] {
  return sources
    .filter((path) => gone.has(path))
    .map((path): SourcePath => ({ path, file: resolve(cwd, path), origin: 'named' }))
    .filter(({ file }) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
