import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LINE_PARTS, type LineParts } from './compare.ts';
import type { Command } from './measure.ts';

/** A program that does the same as a job of ours. */
export interface Peer {
  name: string;
  program: string;
  /** @param temp folder for its temporary files */
  args(files: readonly string[], temp: string): string[];
  env?: Record<string, string>;
  /** What its output looks like. */
  parts: LineParts;
}

const byBytes = { LC_ALL: 'C' };
const { line, ndjson, csv } = LINE_PARTS;

const sortMerge: Peer = {
  name: '`sort -m`',
  program: 'sort',
  args: (files) => ['-m', ...files],
  env: byBytes,
  parts: line,
};

export const PEERS = {
  sortMerge,
  sortMergeNdjson: { ...sortMerge, parts: ndjson },
  sortExternal: {
    name: '`sort -S256M --parallel=2`',
    program: 'sort',
    args: (files, temp) => ['-S256M', '--parallel=2', '-T', temp, ...files],
    env: byBytes,
    parts: line,
  },
  /** Reads stamps, as we do; `sort` does not. */
  s4: { name: '`s4`', program: 's4', args: (files) => ['--color=never', ...files], parts: line },
  hl: { name: '`hl -s`', program: 'hl', args: (files) => ['-s', '-r', '-P', '--color=never', ...files], parts: ndjson },
  /** Ordered as text, which is less than we do: the stamps are not parsed. */
  duckdb: {
    name: 'DuckDB',
    program: 'duckdb',
    args: (files, temp) => ['-init', '/dev/null', '-c', duckdbQuery(files, temp)],
    parts: csv,
  },
} satisfies Record<string, Peer>;

function duckdbQuery(files: readonly string[], temp: string): string {
  const list = files.map((file) => `'${file}'`).join(', ');
  return `SET temp_directory = '${temp}'; SET memory_limit = '256MiB'; SET threads = 2;
    COPY (SELECT * FROM read_csv([${list}], header = true, all_varchar = true) ORDER BY time)
    TO '/dev/stdout' (FORMAT csv, HEADER)`;
}

/** The command of a peer, or undefined where it is not installed (PATH, then node_modules). */
export function commandOf(peer: Peer, files: readonly string[], temp: string): Command | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), join('node_modules', '.bin')];
  const program = folders.map((folder) => join(folder, peer.program)).find(isExecutable);
  if (program === undefined) return undefined;
  return { program, args: peer.args(files, temp), ...(peer.env && { env: peer.env }) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
