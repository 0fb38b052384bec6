import { resolve } from 'node:path';
import { TsalignError } from '../core/problem.ts';
import type { MergeRequest, OutputFormatName } from '../request.ts';
import type { Combination } from './combination.ts';
import { FOLLOW_COMBINATIONS } from './follow-combinations.ts';

type Format = OutputFormatName | undefined;

const isOther = (format: Format, ...names: OutputFormatName[]) => format !== undefined && !names.includes(format);

const growsAFile = ({ follow, output }: MergeRequest): boolean => follow && output !== undefined;

/** Whether something that was typed is read in the zone of --output-tz, or slots begin and are named in it. */
const readsZone = ({ since, until, splitBy }: MergeRequest): boolean =>
  since !== undefined || until !== undefined || splitBy !== undefined;

/** Which options do not go together; the first row that applies is said. */
export const COMBINATIONS: readonly Combination[] = [
  {
    option: '--no-dedup',
    what: 'contradicts --dedup',
    hint: 'give one of the two',
    given: (r) => r.noDedup && r.dedup !== undefined,
  },
  {
    option: '--dedup-window',
    what: 'has a meaning only with --dedup key=FIELD',
    hint: 'the other kinds compare records of the same instant',
    given: (r) => r.dedupWindow !== undefined && r.dedup?.kind !== 'key',
  },
  {
    option: '--duplicates',
    what: '--no-dedup removes nothing that could be written there',
    hint: 'leave out one of the two',
    given: (r) => r.duplicates !== undefined && r.noDedup,
  },
  {
    option: '--rejects',
    what: 'no record is set aside without --undated reject',
    hint: 'add --undated reject',
    given: (r) => r.rejects !== undefined && r.undated !== 'reject',
  },
  {
    option: '--keep-going',
    what: '--strict ends the run where --keep-going would go on',
    hint: 'give one of the two',
    given: (r) => r.keepGoing && r.strict,
  },
  {
    option: '--null',
    what: 'has a meaning only for a list of paths',
    hint: 'add --files-from',
    given: (r) => r.nullSeparated && r.filesFrom === undefined,
  },
  {
    option: '--files-from',
    what: 'stdin is the list, and cannot be a source too',
    hint: 'give the list as a file: --files-from <(find ...)',
    given: (r) => r.filesFrom === '-' && r.sources.includes('-'),
  },
  {
    option: '--report',
    what: '--explain runs nothing that could be reported',
    hint: 'leave out one of the two',
    given: (r) => r.report !== undefined && r.explain,
  },
  {
    option: '--stamp',
    what: 'has a meaning only for text output',
    hint: 'add -O text',
    given: (r, format) => r.stamp !== undefined && isOther(format, 'text'),
  },
  {
    option: '--columns',
    what: 'has a meaning only for csv and tsv output',
    hint: 'add -O csv',
    given: (r, format) => r.columns !== undefined && isOther(format, 'csv', 'tsv'),
  },
  {
    option: '--no-source',
    what: 'raw output has no source to leave out',
    hint: 'leave it out',
    given: (r, format) => r.noSource && format === 'raw',
  },
  {
    option: '--line-number',
    what: "raw output is the records' own bytes",
    hint: 'choose another -O',
    given: (r, format) => r.lineNumber && format === 'raw',
  },
  {
    option: '--line-number',
    what: '--stamp none leaves out what the line number is part of',
    hint: 'leave out one of the two',
    given: (r) => r.lineNumber && r.stamp === 'none',
  },
  {
    option: '--precision',
    what: 'no stamp is written whose digits it could set',
    hint: 'leave it out',
    given: (r, format) => r.precision !== undefined && (format === 'raw' || r.stamp === 'none'),
  },
  {
    option: '--output-tz',
    what: 'no stamp is written in it, and no --since or --until is read in it',
    hint: 'leave it out; --tz says which zone stamps without one are of',
    given: (r, format) => r.outputTz !== undefined && (format === 'raw' || r.stamp === 'none') && !readsZone(r),
  },
  ...FOLLOW_COMBINATIONS,
  ...(['final', 'dryRun', 'late'] as const).map((field) => ({
    option: { final: '--final', dryRun: '--dry-run', late: '--late' }[field],
    what: `has a meaning only with --state${field === 'late' ? ' or --follow' : ''}`,
    hint: `add --state FILE${field === 'late' ? ' or --follow' : ''}`,
    given: (r: MergeRequest) =>
      r.state === undefined && !(r.follow && field === 'late') && r[field] !== undefined && r[field] !== false,
  })),
  {
    option: '--lock',
    what: 'nothing is locked without --state, --split-by, or --follow with -o',
    hint: 'leave it out',
    given: (r) => r.lock !== undefined && r.state === undefined && r.splitBy === undefined && !growsAFile(r),
  },
  {
    option: '--split-by',
    what: 'needs the pattern of the names of slots',
    hint: "add -o, e.g. -o 'out/%F/%H.log'",
    given: (r) => r.splitBy !== undefined && r.output === undefined,
  },
  {
    option: '--replace-slots',
    what: 'has a meaning only with --split-by',
    hint: 'add --split-by hour',
    given: (r) => r.replaceSlots && r.splitBy === undefined,
  },
  {
    option: '--late',
    what: 'with --split-by no record is late: each goes to its slot',
    hint: 'leave it out',
    given: (r) => r.late !== undefined && r.splitBy !== undefined && !r.follow,
  },
  {
    option: '--late',
    what: 'has a meaning only with -o FILE, to which runs append',
    hint: 'add -o FILE',
    given: (r) => r.late !== undefined && r.output === undefined && !r.follow,
  },
  {
    option: '--late-output',
    what: 'no record is set aside as late without --late reject',
    hint: 'add --late reject',
    given: (r) => r.lateOutput !== undefined && r.late !== 'reject',
  },
  {
    option: '--dedup',
    what: 'copies in different runs cannot be found',
    hint: 'leave out --dedup; with --state every file is read once, wherever rotation moves it',
    given: (r) => r.state !== undefined && (r.dedup !== undefined || r.duplicates !== undefined),
  },
  {
    option: '--limit',
    what: 'with --state, what is over the limit would never be written',
    hint: 'leave out one of the two',
    given: (r) => r.state !== undefined && r.limit !== undefined,
  },
  {
    option: '--dry-run',
    what: '--explain tells the plan, --dry-run what would be read',
    hint: 'give one of the two',
    given: (r) => r.dryRun && r.explain,
  },
];

/** The options that name a file which we write. */
const WRITTEN_FILES = [
  ['--output', 'output'],
  ['--duplicates', 'duplicates'],
  ['--rejects', 'rejects'],
  ['--report', 'report'],
  ['--late-output', 'lateOutput'],
  ['--state', 'state'],
] as const satisfies readonly (readonly [string, keyof MergeRequest])[];

/**
 * Refuses options that have no meaning together, so that none is silently ignored.
 * @param format the output format, where it is decided already; call again once it is.
 * @throws TsalignError 'usage'
 */
export function checkCombinations(request: MergeRequest, format?: OutputFormatName): void {
  const wrong = COMBINATIONS.find((row) => row.given(request, format));
  if (wrong !== undefined) {
    throw new TsalignError({ code: 'usage', where: wrong.option, what: wrong.what, hint: wrong.hint });
  }
  checkWrittenFiles(request);
}

/** The files that a run writes, with the options that name them. */
export function writtenFiles(request: MergeRequest): { option: string; path: string }[] {
  return WRITTEN_FILES.flatMap(([option, field]) => {
    const path = request[field];
    return path === undefined ? [] : [{ option, path }];
  });
}

/** Two of our files at one path would overwrite each other; `-` would mix them with the records. */
function checkWrittenFiles(request: MergeRequest): void {
  const writers = new Map<string, string>();
  for (const { option, path } of writtenFiles(request)) {
    if (path === '-') {
      const hint = 'give a file; /dev/stderr is one';
      throw new TsalignError({ code: 'usage', where: option, what: 'stdout carries the records', hint });
    }
    checkEnding(option, path);
    if (option === '--output' && request.outputFormat === undefined) checkPromise(path);
    const file = resolve(path);
    if (file.startsWith('/dev/')) continue;
    const other = writers.get(file);
    if (other !== undefined) {
      const what = `${path} is already written by ${other}`;
      throw new TsalignError({ code: 'usage', where: option, what, hint: 'give another file' });
    }
    writers.set(file, option);
  }
}

/** A file is not called what it is not. */
function checkEnding(option: string, path: string): void {
  const isPlain = option === '--report' || option === '--state';
  if (!/\.(gz|zst|xz|bz2|lz4|br|zip|tgz)$/i.test(path) || (!isPlain && /\.(gz|zst)$/i.test(path))) return;
  const hint = isPlain ? 'leave out the ending' : 'FILE.gz and FILE.zst are; or leave out the ending';
  throw new TsalignError({ code: 'usage', where: option, what: `${path} would not be compressed`, hint });
}

/** Endings of names that promise what is not written here. */
const PROMISES: readonly (readonly [ending: RegExp, what: string])[] = [
  [/\.(xlsx?|ods)$/i, 'no spreadsheets are written; they read CSV'],
  [/\.(parquet|avro|orc|arrow|feather)$/i, 'such files are not written; what reads them reads NDJSON or CSV, too'],
  [/\.(db|duckdb|sqlite3?)$/i, 'no databases are written; they read NDJSON or CSV'],
  [/\.(html?|pdf|xml|ya?ml|docx?)$/i, 'such files are not written'],
];

/** A file is not called what it is not, unless somebody says what it shall be. */
function checkPromise(path: string): void {
  const promise = PROMISES.find(([ending]) => ending.test(path));
  if (promise === undefined) return;
  const hint = 'name it .csv, .tsv, .ndjson or .log, or say with -O what it shall be';
  throw new TsalignError({ code: 'usage', where: '--output', what: `${path}: ${promise[1]}`, hint });
}
