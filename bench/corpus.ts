/**
 * Merges every bundle of a corpus folder and checks that no line is lost and every record is in its place.
 *
 *   npm run corpus -- DIR
 *
 * DIR/BUNDLES.tsv has the columns bundle, family and files (separated by spaces, in DIR/family); DIR/family/EXPECT.tsv
 * has file, line, nlines, utc, assume and text of every record whose instant is known. What a row assumes (year, zone,
 * order of day and month) is given as an option.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, linesWithoutTruth } from './corpus-check.ts';
import { type Bundle, linesOf, readBundles, type SourceTruth } from './truth.ts';

const PROGRAM = fileURLToPath(new URL('../bin/tsalign.js', import.meta.url));
const MAX_OUTPUT = 2 ** 30;

/** What is assumed of a source, and the option that says it. */
const OPTION_OF: Readonly<Record<string, string>> = { year: '--year', tz: '--tz', order: '--day-order' };

interface Merged {
  lines: string[];
  framing: number[];
  /** What went wrong before there was anything to compare. */
  trouble: string[];
}

interface Report {
  proof: Record<string, boolean>;
  sources: { counts: { framingLines: number } }[];
}

function optionsFor({ path, rows }: SourceTruth): string[] {
  return Object.entries(OPTION_OF).flatMap(([name, option]) => {
    const value = rows.find(({ assumed }) => assumed.has(name))?.assumed.get(name);
    return value === undefined ? [] : [option, `${path}=${value}`];
  });
}

function merge(bundle: Bundle, reportPath: string): Merged {
  const paths = bundle.sources.map(({ path }) => path);
  const args = ['merge', '-q', '-O', 'raw', '--report', reportPath, ...bundle.sources.flatMap(optionsFor), ...paths];
  const run = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'latin1', maxBuffer: MAX_OUTPUT });
  if (run.status !== 0) return { lines: [], framing: [], trouble: [`exit ${run.status}: ${run.stderr.trim()}`] };
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as Report;
  const unproven = Object.keys(report.proof).filter((name) => !report.proof[name]);
  return {
    lines: linesOf(run.stdout),
    framing: report.sources.map(({ counts }) => counts.framingLines),
    trouble: unproven.map((name) => `the report does not hold: ${name}`),
  };
}

function check(bundle: Bundle, reportPath: string): string[] {
  const { lines, framing, trouble } = merge(bundle, reportPath);
  return trouble.length > 0 ? trouble : differences(bundle.sources, framing, lines);
}

/** Checks every bundle and prints a line for each. Returns how many failed. */
function checkAll(folder: string): number {
  const temp = mkdtempSync(join(tmpdir(), 'tsalign-corpus-'));
  let failed = 0;
  try {
    for (const bundle of readBundles(folder)) {
      const found = check(bundle, join(temp, 'report.json'));
      if (found.length > 0) failed++;
      console.log(resultLine(bundle, found));
    }
  } finally {
    rmSync(temp, { recursive: true });
  }
  return failed;
}

function resultLine({ name, sources }: Bundle, found: readonly string[]): string {
  if (found.length > 0) return [`FAILED ${name}`, ...found].join('\n       ');
  const records = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  const others = sources.reduce((sum, source) => sum + linesWithoutTruth(source).length, 0);
  return `ok     ${name}: ${sources.length} sources, ${records} records in order, ${others} lines without truth`;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run corpus -- DIR');
  process.exitCode = 2;
} else if (!existsSync(join(folder, 'BUNDLES.tsv'))) {
  console.log(`no corpus in ${folder}: skipped`);
} else {
  process.exitCode = checkAll(folder) === 0 ? 0 : 1;
}
