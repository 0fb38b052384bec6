import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINE_PARTS, type LineParts } from './compare.ts';
import type { DataShape } from './generate.ts';
import type { Command } from './measure.ts';

/** What a job reads: the shape of its data, compressed or not; of as many bytes as the bench is asked for, or its own. */
export type JobData = Pick<DataShape, 'format' | 'order' | 'sources' | 'mean'> & { bytes?: number; packed?: true };

/** Where a peer works. */
export interface PeerPlace {
  files: readonly string[];
  /** Folder for its temporary files. */
  temp: string;
  /** Folder in which peers were installed: `bin`, and `node_modules` for DuckDB. */
  peers: string;
}

/** A program that does the same as a job of ours. */
export interface Peer {
  name: string;
  program: string;
  args(place: PeerPlace): string[];
  env?: Record<string, string>;
  /** What its output looks like. */
  parts: LineParts;
  /** What of it must be as in our output: everything, the records in whatever order, or nothing (it does another thing). */
  compared: 'order' | 'records' | 'no';
  /** What it reads, if not what we read. */
  data?: JobData;
}

const byBytes = { LC_ALL: 'C' };
const { line, ndjson, csv } = LINE_PARTS;
const ENTRY = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const DUCKDB = fileURLToPath(new URL('duckdb.js', import.meta.url));

const sortMerge: Peer = {
  name: '`sort -m`',
  program: 'sort',
  args: ({ files }) => ['-m', ...files],
  env: byBytes,
  parts: line,
  compared: 'order',
};

const duckdb: Peer = {
  name: 'DuckDB',
  program: process.execPath,
  args: (place) => [
    DUCKDB,
    place.peers,
    duckdbQuery(place, 'read_csv', 'header = true, all_varchar = true', 'CSV, HEADER'),
  ],
  parts: csv,
  compared: 'order',
};

export const PEERS = {
  sortMerge,
  sortMergeNdjson: { ...sortMerge, parts: ndjson },
  /** 16 files at a time, through temporary files: what takes as few descriptors as we do. */
  sortMergeTurns: { ...sortMerge, args: ({ files, temp }) => ['-m', '-T', temp, ...files] },
  /** By default it merges 16 files at a time, through temporary files. */
  sortMergeMany: {
    ...sortMerge,
    name: '`sort -m --batch-size`',
    args: ({ files }) => ['-m', `--batch-size=${files.length}`, ...files],
  },
  sortExternal: {
    ...sortMerge,
    name: '`sort -S256M --parallel=2`',
    args: ({ files, temp }) => ['-S256M', '--parallel=2', '-T', temp, ...files],
  },
  zcat: { ...sortMerge, name: '`zcat`', program: 'zcat', args: ({ files }) => [...files], compared: 'no' },
  /** Reads stamps, as we do; `sort` does not. */
  s4: {
    ...sortMerge,
    name: '`s4`',
    program: 's4',
    args: ({ files }) => ['--color=never', ...files],
    compared: 'records',
  },
  /** Its order is not by the last digit of the stamps, and differs from run to run. */
  lnav: {
    ...sortMerge,
    name: '`lnav -n`',
    program: 'lnav',
    args: ({ files }) => ['-n', ...files],
    compared: 'records',
  },
  /** Knows whole seconds, which is all that such a log has; of equal ones it takes any. */
  mergelog: {
    ...sortMerge,
    name: '`mergelog`',
    program: 'mergelog',
    args: ({ files }) => [...files],
    compared: 'records',
  },
  /** Ordered as text, which is less than we do: the stamps are not parsed. */
  duckdb,
  duckdbNdjson: {
    ...duckdb,
    parts: ndjson,
    args: (place) => [DUCKDB, place.peers, duckdbQuery(place, 'read_ndjson', `columns = ${NDJSON_COLUMNS}`, 'JSON')],
  },
  /** All of it in memory. */
  miller: {
    ...duckdb,
    name: '`mlr sort`',
    program: 'mlr',
    args: ({ files }) => ['--csv', 'sort', '-f', 'time', ...files],
  },
  /** Our own run over lines whose stamps say everything. */
  oursIso: {
    ...sortMerge,
    name: '`tsalign` of ISO lines',
    program: process.execPath,
    args: ({ files, temp }) => [ENTRY, 'merge', '-q', '-T', temp, ...files],
    compared: 'no',
    data: { format: 'iso', order: 'sorted', sources: 4 },
  },
} satisfies Record<string, Peer>;

const NDJSON_COLUMNS = "{ts: 'VARCHAR', id: 'BIGINT', level: 'VARCHAR', host: 'VARCHAR', msg: 'VARCHAR'}";

function duckdbQuery({ files, temp }: PeerPlace, reader: string, options: string, format: string): string {
  const list = files.map((file) => `'${file}'`).join(', ');
  const time = reader === 'read_csv' ? 'time' : 'ts';
  return `SET temp_directory = '${temp}'; SET memory_limit = '256MiB'; SET threads = 2;
    COPY (SELECT * FROM ${reader}([${list}], ${options}) ORDER BY ${time}) TO '/dev/stdout' (FORMAT ${format})`;
}

/** The command of a peer, or undefined where it is not installed (the folder of peers, then PATH). */
export function commandOf(peer: Peer, place: PeerPlace): Command | undefined {
  const folders = [join(place.peers, 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const names = peer.program.includes('/') ? [peer.program] : folders.map((folder) => join(folder, peer.program));
  const program = names.find(isExecutable);
  if (program === undefined || (peer.program === process.execPath && !hasModules(peer, place))) return undefined;
  return { program, args: peer.args(place), ...(peer.env && { env: peer.env }) };
}

const hasModules = ({ args }: Peer, place: PeerPlace): boolean =>
  args(place)[0] !== DUCKDB || isExecutable(join(place.peers, 'node_modules', '@duckdb', 'node-api'));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
