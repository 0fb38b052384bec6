import { LINE_PARTS, type LineParts } from './compare.ts';
import { type JobData, PEERS, type Peer } from './peers.ts';

/** One thing that is measured: our arguments, and who does the same. */
export interface Job {
  name: string;
  what: string;
  data: JobData;
  /** Arguments of `tsalign merge`, the sources excepted. */
  args: readonly string[];
  /** What our output looks like. */
  parts: LineParts;
  peers: readonly Peer[];
  /** How many descriptors we may have, if not as many as the bench itself (`ulimit -n`). */
  descriptors?: number;
  /** Whether we are told the file (`-o`) in place of writing to stdout; the peers then write to a file, too, whatever `--to` says. */
  named?: true;
  /** Peak resident bytes that we promise to stay below. */
  peakLimit: number;
}

const MIB = 2 ** 20;
/** What the process may take besides --memory, whose default is 256 MiB. */
const BESIDES = 96 * MIB;
const SORTING = 256 * MIB + BESIDES;
/** Besides, for each compressed source that is decoded while it is read. */
const DECODER = 8 * MIB;

const { line, prefix, ndjsonOutput, csvOutput } = LINE_PARTS;
const { sortMerge, sortMergeMany, sortMergeNdjson, sortMergeTurns, sortExternal, zcat, s4, lnav, mergelog, miller } =
  PEERS;
const { duckdb, duckdbNdjson, oursIso } = PEERS;

const sorted = { format: 'iso', order: 'sorted', sources: 4 } as const;
const shuffled = { ...sorted, order: 'shuffled' } as const;

/** Of 6.7 KB each, however many bytes the other jobs have. */
const files = { ...sorted, sources: 10_000, bytes: 64 * MIB } as const;

type Rest = Partial<Pick<Job, 'args' | 'descriptors' | 'parts' | 'peers' | 'peakLimit' | 'named'>>;

/** A job that merges ISO lines to text with the UTC prefix, beside `sort -m`, unless said otherwise. */
const job = (name: string, what: string, data: Job['data'], rest: Rest = {}): Job => ({
  name,
  what,
  data,
  args: [],
  parts: prefix,
  peers: [sortMerge],
  peakLimit: SORTING,
  ...rest,
});

/** Jobs with the same data stand together, so that it is made once. */
export const JOBS: readonly Job[] = [
  job('sorted', 'sorted, UTC prefix', sorted, { peakLimit: BESIDES }),
  job('sorted-named', 'sorted, UTC prefix, `-o FILE`', sorted, { named: true, peakLimit: BESIDES }),
  job('presorted', 'sorted, UTC prefix, `--presorted`', sorted, { args: ['--presorted'], peakLimit: BESIDES }),
  job('sorted-raw', 'sorted, `-O raw`', sorted, {
    args: ['-O', 'raw'],
    parts: line,
    peers: [sortMerge, s4, lnav],
    peakLimit: BESIDES,
  }),
  job('presorted-raw', 'sorted, `-O raw --presorted`', sorted, {
    args: ['-O', 'raw', '--presorted'],
    parts: line,
    peakLimit: BESIDES,
  }),
  job('eight', 'sorted, 8 sources, UTC prefix', { ...sorted, sources: 8 }, { peakLimit: BESIDES }),
  job('jitter', 'up to 2 s late, UTC prefix', { ...sorted, order: 'jitter' }, { peers: [sortExternal] }),
  job('shuffled', 'shuffled, UTC prefix, `--memory 160MiB`', shuffled, {
    args: ['--memory', '160MiB'],
    peers: [sortExternal],
    peakLimit: 160 * MIB + BESIDES,
  }),
  job('shuffled-raw', 'shuffled, `-O raw`', shuffled, { args: ['-O', 'raw'], parts: line, peers: [sortExternal] }),
  job(
    'ndjson',
    'NDJSON, sorted',
    { ...sorted, format: 'ndjson' },
    { parts: ndjsonOutput, peers: [sortMergeNdjson, duckdbNdjson], peakLimit: BESIDES },
  ),
  job(
    'csv',
    'CSV with newlines in quotes, sorted',
    { ...sorted, format: 'csv' },
    { parts: csvOutput, peers: [duckdb, miller], peakLimit: BESIDES },
  ),
  job(
    'gzip',
    '4 gzip files, `--presorted`',
    { ...sorted, packed: true },
    {
      args: ['--presorted'],
      peers: [zcat],
      peakLimit: BESIDES + sorted.sources * DECODER,
    },
  ),
  job(
    'gzip-named',
    '4 gzip files, `-o FILE`',
    { ...sorted, packed: true },
    { named: true, peers: [zcat], peakLimit: BESIDES + sorted.sources * DECODER },
  ),
  job('thousand', 'sorted, 1,000 sources, UTC prefix', { ...sorted, sources: 1000 }, { peers: [sortMergeMany] }),
  job(
    'thousand-raw',
    'sorted, 1,000 sources, `-O raw`',
    { ...sorted, sources: 1000 },
    {
      args: ['-O', 'raw'],
      parts: line,
      peers: [sortMergeMany],
    },
  ),
  job('files', 'sorted, 10,000 small files', files, { peers: [sortMergeTurns] }),
  job('files-64', 'the same, `ulimit -n 64`', files, { peers: [sortMergeTurns], descriptors: 64 }),
  job(
    'syslog',
    'syslog without year, in a zone with DST',
    { ...sorted, format: 'syslog' },
    { args: ['--year', '2024', '--tz', 'America/New_York'], peers: [oursIso, s4], peakLimit: BESIDES },
  ),
  job(
    'clf',
    'Common Log Format, sorted, UTC prefix',
    { ...sorted, format: 'clf' },
    { peers: [mergelog], peakLimit: BESIDES },
  ),
];
