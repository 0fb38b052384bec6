import fs from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../src/core/group-by.ts';
import { type Assumed, type Reading, readAsLibrary } from './accuracy-read.ts';
import { addTally, classOf, count, emptyTally, instantAt, type Tally, verdictOf } from './accuracy-score.ts';
import { assumedOf, type Cells, readTable } from './truth.ts';

/** A truth row that was not read rightly. */
export interface Miss {
  place: string;
  verdict: 'wrong' | 'absent';
  text: string;
  expected: string;
  actual: string;
}

/** What became of the rows of one class of assumption, of those with an upstream value and those without. */
export interface Score {
  name: string;
  upstream: boolean;
  tally: Tally;
}

export interface FamilyResult {
  scores: Score[];
  misses: Miss[];
}

/** Reads every file of a family's EXPECT.tsv and compares its rows with what was read. */
export async function scoreFamily(folder: string, every: boolean): Promise<FamilyResult> {
  const rows = readTable(join(folder, 'EXPECT.tsv')).filter(({ nth = '' }) => every || nth === '1' || nth === '');
  const byFile = groupBy(rows, ({ file = '' }) => file);
  const result: FamilyResult = { scores: [], misses: [] };
  for (const [file, all] of byFile) {
    const year = all.map(({ assume = '' }) => assumedOf(assume).get('year')).find((each) => each !== undefined);
    // Rows of one file may be known to be of several zones: each is read with its own.
    const byAssumption = groupBy(all, ({ assume = '' }) => assume.replace(/year=\d+/, ''));
    const readings = new Map<string, Reading>();
    for (const [assume, some] of byAssumption) {
      const assumed = widened(assumedOf(assume), all, year);
      const key = JSON.stringify([...assumed]);
      const reading = readings.get(key) ?? (await readAsLibrary(join(folder, file), assumed, modifiedOf(assumed, all)));
      readings.set(key, reading);
      for (const row of some) scoreRow(row, reading, row === all[0], result);
    }
  }
  return result;
}

/** What other rows of the file assume holds too, where a row itself assumes nothing of the kind: its text may say it. */
function widened(own: Map<string, string>, rows: readonly Cells[], year: string | undefined): Assumed {
  const all = new Map(own);
  for (const { assume = '' } of rows) {
    for (const [name, value] of assumedOf(assume)) if (!all.has(name)) all.set(name, value);
  }
  if (year !== undefined) all.set('year', year);
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where year or date come from the modification time: that, or that of the last record. */
function modifiedOf(assumed: Assumed, rows: readonly Cells[]): number | undefined {
  if (!assumed.has('mtime') && !assumed.has('date')) return undefined;
  const instants = rows.map(({ utc = '' }) => Date.parse(utc) / 1000);
  const stated = assumed.get('mtime');
  return stated === undefined ? Math.max(...instants) : Date.parse(`${stated}Z`) / 1000;
}

function scoreRow(row: Cells, reading: Reading, isFirst: boolean, result: FamilyResult): void {
  const { file, line, utc = '', upstream, assume = '', text = '' } = row;
  const actual = instantAt(reading, Number(line), isFirst);
  const verdict = reading.failure?.refused ? 'unread' : verdictOf(utc, actual);
  count(tallyFor(result, classOf(assume), upstream !== ''), verdict, reading.warned);
  if (verdict !== 'wrong' && verdict !== 'absent') return;
  const got = actual ?? reading.failure?.message ?? 'nothing';
  result.misses.push({ place: `${file}:${line}`, verdict, text, expected: utc, actual: got });
}

function tallyFor({ scores }: FamilyResult, name: string, upstream: boolean): Tally {
  const known = scores.find((score) => score.name === name && score.upstream === upstream);
  if (known !== undefined) return known.tally;
  const tally = emptyTally();
  scores.push({ name, upstream, tally });
  return tally;
}

/** All scores that pass, in one. */
export function sumOf(scores: readonly Score[], passes: (score: Score) => boolean = () => true): Tally {
  const sum = emptyTally();
  for (const score of scores) if (passes(score)) addTally(sum, score.tally);
  return sum;
}

/** The families of a corpus folder: those that have an EXPECT.tsv. */
export function familiesOf(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => fs.existsSync(join(folder, name, 'EXPECT.tsv')))
    .sort();
}
