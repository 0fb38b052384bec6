import { resolve } from 'node:path';
import { rmSync } from './core/disk.ts';
import { formatInstantShort, instantOf } from './core/instant.ts';
import { TsalignError } from './core/problem.ts';
import { suggestion } from './core/registry.ts';
import { fileSink } from './output/index.ts';
import { takeLock } from './run/session.ts';
import { loadState, type SourceState, type StateDocument, stateText } from './state/index.ts';

/** What a state knows, for people. */
export interface StateShown {
  settings: Readonly<Record<string, unknown>>;
  sources: {
    label: string;
    file: string;
    offset: number;
    lines: number;
    last: string | undefined;
    lost: boolean;
    /** From this byte on some records are still to be written, which a run has held that did not end. */
    again: number | undefined;
  }[];
  outputs: { option: string; file: string; length: number; last: string | undefined }[];
}

/** @throws TsalignError 'state' where there is no state at that path */
export function showState(file: string, cwd: string): StateShown {
  const document = existing(resolve(cwd, file), file);
  return {
    settings: document.settings ?? {},
    sources: document.sources.map(({ label, file: path, offset, lines, last, lost, again }) => ({
      label,
      file: path,
      offset,
      lines,
      last: instantText(last),
      lost: lost === true,
      again: again?.offset,
    })),
    outputs: Object.entries(document.outputs).map(([option, { file: path, length, last }]) => ({
      option,
      file: path,
      length,
      last: instantText(last),
    })),
  };
}

/**
 * Forgets sources, by label or path, so that the next run takes them from their beginning; without names, everything:
 * the state is removed.
 * @returns how many sources were forgotten
 * @throws TsalignError 'locked' where a run is at work; 'usage' for a name that the state does not know
 */
export async function forgetState(
  file: string,
  names: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<number> {
  const path = resolve(cwd, file);
  const lock = await takeLock(`${path}.lock`, 'fail', signal);
  try {
    const document = existing(path, file);
    const forgotten = document.sources.filter((source) => names.length === 0 || isNamed(source, names, cwd));
    for (const name of names) requireKnown(name, forgotten, document, cwd);
    if (names.length === 0) rmSync(path);
    else replaceState(path, { ...document, sources: document.sources.filter((source) => !forgotten.includes(source)) });
    return forgotten.length;
  } finally {
    lock.release();
  }
}

function existing(path: string, file: string): StateDocument {
  const document = loadState(path);
  if (document !== undefined) return document;
  throw new TsalignError({ code: 'state', where: file, what: 'there is no state', hint: 'name the file of --state' });
}

const isNamed = ({ label, path, file }: SourceState, names: readonly string[], cwd: string): boolean =>
  names.some((name) => name === label || name === path || resolve(cwd, name) === file);

function requireKnown(name: string, forgotten: readonly SourceState[], document: StateDocument, cwd: string): void {
  if (forgotten.some((source) => isNamed(source, [name], cwd))) return;
  const labels = [...new Set(document.sources.map(({ label }) => label))];
  throw new TsalignError({
    code: 'usage',
    where: name,
    what: 'the state knows no such source',
    hint: suggestion(name, labels),
  });
}

function replaceState(path: string, document: StateDocument): void {
  const sink = fileSink(path);
  sink.write(Buffer.from(stateText(document)));
  sink.commit();
}

const instantText = (last: SourceState['last']): string | undefined =>
  last === undefined ? undefined : formatInstantShort(instantOf(last[0], last[1]));
