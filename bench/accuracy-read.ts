import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Problem } from '../src/core/problem.ts';
import { type MergeRequest, runMerge, TsalignError } from '../src/engine.ts';
import { MINIMUM_MEMORY, NOTHING_ASKED } from '../src/request.ts';

/** What is assumed of a file beyond its text: the options tz, year and order, and the times mtime and date. */
export type Assumed = ReadonlyMap<string, string>;

/** What the library made of one file. */
export interface Reading {
  /** The instant of the record that starts on a line, counted from 1; null for one without. */
  instants: ReadonlyMap<number, string | null>;
  /** How many lines the first record has: its stamp may stand in any of them. */
  firstLines: number;
  /** Whether it was said that the text leaves the instants in doubt. */
  warned: boolean;
  /** Why nothing was read. `refused`: bytes that are no text, or packed in a way that is not read. */
  failure: { refused: boolean; message: string } | undefined;
}

const REQUEST: MergeRequest = {
  ...NOTHING_ASKED,
  memory: MINIMUM_MEMORY,
  noDedup: true,
  noSource: true,
  lineNumber: true,
  outputFormat: 'ndjson',
  precision: 'ns',
};

const DAY_ORDERS = ['dmy', 'mdy', 'ymd'];

const REFUSED = ['binary', 'unreadable', 'corrupt'];

/**
 * Merges the file alone, as `tsalign merge` would with the options that say what is assumed.
 * @param modified the modification time it is to have, in seconds; undefined leaves the file's own.
 */
export async function readAsLibrary(file: string, assumed: Assumed, modified: number | undefined): Promise<Reading> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-accuracy-'));
  const problems: Problem[] = [];
  try {
    const source = modified === undefined ? file : copyModified(file, folder, modified);
    const output = path.join(folder, 'out');
    await merge({ ...REQUEST, ...optionsOf(assumed), sources: [source], output }, folder, problems);
    const warned = problems.some(({ code }) => code === 'ambiguous');
    return { ...recordsOf(fs.readFileSync(output, 'utf8')), warned, failure: undefined };
  } catch (error) {
    if (!(error instanceof TsalignError)) throw error;
    const failure = { refused: REFUSED.includes(error.problem.code), message: error.message };
    return { instants: new Map(), firstLines: 0, warned: true, failure };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function merge(request: MergeRequest, folder: string, problems: Problem[]): Promise<void> {
  await runMerge(request, {
    cwd: folder,
    env: { TMPDIR: folder },
    stdin: 0,
    stdout: 1,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    now: () => BigInt(Date.now()) * 1_000_000n,
    warn: (problem) => problems.push(problem),
    progress: () => {},
    signal: new AbortController().signal,
  });
}

function optionsOf(assumed: Assumed): Pick<MergeRequest, 'tz' | 'year' | 'dayOrder'> {
  const given = (name: string): string[] => (assumed.has(name) ? [assumed.get(name) as string] : []);
  return { tz: given('tz'), year: given('year'), dayOrder: given('order').filter((each) => DAY_ORDERS.includes(each)) };
}

function copyModified(file: string, folder: string, modified: number): string {
  const copy = path.join(folder, path.basename(file));
  fs.copyFileSync(file, copy);
  fs.utimesSync(copy, modified, modified);
  return copy;
}

const RECORD = /^\{"time":(?:null|"([^"]*)"),"line":(\d+)/;

function recordsOf(output: string): Pick<Reading, 'instants' | 'firstLines'> {
  const instants = new Map<number, string | null>();
  let firstLines = 0;
  for (const record of output.split('\n').slice(0, -1)) {
    const [, time, line] = RECORD.exec(record) as unknown as [string, string | undefined, string];
    instants.set(Number(line), time ?? null);
    if (line === '1') firstLines = linesOfMessage(record);
  }
  return { instants, firstLines };
}

function linesOfMessage(record: string): number {
  const { message } = JSON.parse(record) as { message?: unknown };
  return typeof message === 'string' ? message.split('\n').length : 1;
}
