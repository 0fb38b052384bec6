import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Problem } from '../../src/core/problem.ts';
import { type MergeRequest, type MergeResult, runMerge } from '../../src/engine.ts';
import { NOTHING_ASKED, type RunIo } from '../../src/request.ts';

export interface Merged {
  text: string;
  warnings: Problem[];
  result: MergeResult;
}

/** Merges files as the command does, and gives what it wrote and said. */
export async function merge(
  cwd: string,
  asked: Partial<MergeRequest>,
  io: Partial<Pick<RunIo, 'progress' | 'stderrIsTerminal' | 'clock' | 'streams'>> = {},
): Promise<Merged> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-out-'));
  const output = path.join(folder, 'out');
  const warnings: Problem[] = [];
  try {
    const result = await runMerge(
      { ...NOTHING_ASKED, output, outputFormat: 'text', ...asked },
      {
        cwd,
        env: { TMPDIR: folder },
        stdin: 0,
        stdout: 1,
        stdoutIsTerminal: false,
        stderrIsTerminal: false,
        now: () => 1710054000000000000n,
        warn: (problem) => warnings.push(problem),
        progress: () => {},
        signal: new AbortController().signal,
        ...io,
      },
    );
    const text = fs.readFileSync(output, 'utf8');
    const left = fs.readdirSync(folder).filter((name) => name !== 'out');
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    return { text, warnings, result };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
