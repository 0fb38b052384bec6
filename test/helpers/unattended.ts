import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Problem } from '../../src/core/problem.ts';
import { runMerge } from '../../src/pipeline.ts';
import { type MergeRequest, type MergeResult, NOTHING_ASKED } from '../../src/request.ts';

/** A folder in which logs are written and runs with a state follow one another. */
export interface Place {
  folder: string;
  /** What the clock says, nanoseconds since 1970; a day after the instants that tests write. */
  now: bigint;
  path(name: string): string;
  write(name: string, text: string): void;
  append(name: string, text: string): void;
  read(name: string): string;
  /** Names of all files below, in order. */
  files(): string[];
  run(asked?: Partial<MergeRequest>): Promise<{ result: MergeResult; warnings: Problem[] }>;
  remove(): void;
}

export const DEFAULT_RUN = { sources: ['app.log'], state: 'state', output: 'out', outputFormat: 'text' } as const;

/** @param parent where the folder is made */
export function makePlace(
  defaults: Partial<MergeRequest> = DEFAULT_RUN as unknown as Partial<MergeRequest>,
  parent = os.tmpdir(),
): Place {
  const folder = fs.mkdtempSync(path.join(parent, 'tsalign-state-'));
  const at = (name: string) => path.join(folder, name);
  const place: Place = {
    folder,
    now: BigInt(Date.now()) * 1_000_000n,
    path: at,
    write: (name, text) => {
      fs.mkdirSync(path.dirname(at(name)), { recursive: true });
      fs.writeFileSync(at(name), text);
    },
    append: (name, text) => fs.appendFileSync(at(name), text),
    read: (name) => fs.readFileSync(at(name), 'utf8'),
    files: () =>
      fs
        .readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => fs.statSync(at(name)).isFile())
        .sort(),
    async run(asked = {}) {
      const warnings: Problem[] = [];
      const result = await runMerge(
        { ...NOTHING_ASKED, memory: 16 * 2 ** 20, ...defaults, ...asked },
        {
          cwd: folder,
          env: { TMPDIR: os.tmpdir() },
          stdin: 0,
          stdout: 1,
          stdoutIsTerminal: false,
          stderrIsTerminal: false,
          now: () => place.now,
          warn: (problem) => warnings.push(problem),
          progress: () => {},
          signal: new AbortController().signal,
        },
      );
      return { result, warnings };
    },
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
  return place;
}

/** A line of a log, `second` seconds after 06:00. */
export const line = (second: number, text: string): string =>
  `${new Date(Date.UTC(2024, 2, 10, 6, 0, 0) + second * 1000).toISOString()} ${text}\n`;
