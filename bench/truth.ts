import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../src/core/group-by.ts';

/** What a corpus says of one record. */
export interface TruthRow {
  /** Physical line where it starts, from 1, and how many it has. */
  line: number;
  lines: number;
  /** RFC 3339 in UTC with nine fraction digits: orders as text. */
  instant: string;
  /** Assumed beyond the text, e.g. `year` → `2022`. */
  assumed: Map<string, string>;
  /** The stamp as it is written. */
  stamp: string;
}

export interface SourceTruth {
  path: string;
  /** Physical lines without their LF, one character a byte. */
  lines: string[];
  rows: TruthRow[];
}

/** Files that belong together. */
export interface Bundle {
  name: string;
  sources: SourceTruth[];
}

/** A row of a table by its columns' names. */
export type Cells = Record<string, string>;

/** The bundles of a corpus folder: BUNDLES.tsv, and EXPECT.tsv of every family that it names. */
export function readBundles(folder: string): Bundle[] {
  const families = new Map<string, Map<string, TruthRow[]>>();
  return readTable(join(folder, 'BUNDLES.tsv')).map(({ bundle = '', family = '', files = '' }) => {
    let truth = families.get(family);
    if (truth === undefined) {
      truth = readTruth(join(folder, family, 'EXPECT.tsv'));
      families.set(family, truth);
    }
    const sources = files.split(' ').map((file) => readSource(join(folder, family, file), truth.get(file) ?? []));
    return { name: bundle, sources };
  });
}

function readTruth(path: string): Map<string, TruthRow[]> {
  const byFile = groupBy(readTable(path), ({ file = '' }) => file);
  return new Map([...byFile].map(([file, rows]) => [file, rows.map(truthRow)]));
}

const truthRow = ({ line, nlines, utc = '', assume = '', text = '' }: Cells): TruthRow => ({
  line: Number(line),
  lines: Number(nlines),
  instant: withNineDigits(utc),
  assumed: assumedOf(assume),
  stamp: text,
});

/** What a row assumes beyond its text, `year=2024;tz=UTC`, by name. */
export const assumedOf = (assume: string): Map<string, string> =>
  new Map(assume.split(';').flatMap((pair) => (pair === '' ? [] : [pair.split('=') as [string, string]])));

function withNineDigits(utc: string): string {
  const [whole = '', fraction = ''] = utc.replace('Z', '').split('.');
  return `${whole}.${fraction.padEnd(9, '0')}Z`;
}

/** Bytes as characters: what is compared is bytes, and some of them are no UTF-8. */
function readSource(path: string, rows: TruthRow[]): SourceTruth {
  return { path, lines: linesOf(readFileSync(path, 'latin1').replace(/^\u{ef}\u{bb}\u{bf}/u, '')), rows };
}

/** Lines without their LF; nothing behind the last LF is no line. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A tab-separated table whose cells escape tabs, line ends and backslashes. */
export function readTable(path: string, read = unescaped): Cells[] {
  const [head = '', ...rows] = linesOf(readFileSync(path, 'utf8'));
  const names = head.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    return Object.fromEntries(names.map((name, i) => [name, read(cells[i] ?? '')]));
  });
}

const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

const unescaped = (cell: string): string => cell.replace(/\\([tnr\\])/g, (_, letter: string) => ESCAPED[letter] ?? '');
