/**
 * Reads every file of a corpus folder by itself and compares the instants with the truth.
 *
 *   npm run accuracy -- DIR [--all] [--show N] [--only NAME,…]
 *
 * DIR/family/EXPECT.tsv has file, line, utc, upstream, assume, nth and text of every stamp whose instant is known; what
 * a row assumes (zone, year, order of day and month, modification time) is given as the user would. Rows whose stamp is
 * not the first of its line (nth) count only with --all. DIR/strings/STRINGS.tsv has stamps alone. --show prints the
 * first N rows of each family that were read wrongly or not at all.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FamilyResult, familiesOf, type Miss, type Score, scoreFamily, sumOf } from './accuracy-family.ts';
import { rowsOf, shareRight, type Tally } from './accuracy-score.ts';
import { scoreStrings } from './accuracy-strings.ts';

const STRINGS = 'strings';
const SELF_CONTAINED = 'self-contained';
const WIDTHS = [34, 9, 8, 8, 7, 7, 7, 7, 8];

const line = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i])))
    .join(' ')
    .trimEnd();

const percent = (share: number): string => `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;

const HEAD = line(['', 'upstream', 'rows', 'right', 'wrong', 'absent', 'unread', 'silent', 'share']);

const tallyLine = (name: string, upstream: string, tally: Tally): string =>
  line([
    name,
    upstream,
    rowsOf(tally),
    tally.right,
    tally.wrong,
    tally.absent,
    tally.unread,
    tally.silent,
    percent(shareRight(tally)),
  ]);

const missLine = ({ place, verdict, text, expected, actual }: Miss): string =>
  `    ${verdict} ${place} ${JSON.stringify(text)}: expected ${expected}, got ${actual}`;

function print(name: string, { scores, misses }: FamilyResult, show: number): void {
  console.log(tallyLine(name, '', sumOf(scores)));
  const sorted = scores.toSorted(
    (a, b) => Number(b.upstream) - Number(a.upstream) || rowsOf(b.tally) - rowsOf(a.tally),
  );
  for (const score of sorted) console.log(tallyLine(`  ${score.name}`, score.upstream ? 'yes' : 'no', score.tally));
  for (const miss of misses.slice(0, show)) console.log(missLine(miss));
}

/** What is aimed at, of rows with an upstream value. */
function printGoals(files: readonly Score[], strings: readonly Score[]): void {
  const self = sumOf(files, ({ name, upstream }) => upstream && name === SELF_CONTAINED);
  const assuming = sumOf(files, ({ name, upstream }) => upstream && name !== SELF_CONTAINED);
  const known = sumOf(files, ({ upstream }) => upstream);
  const alone = sumOf(strings);
  const goal = (what: string, value: string, aim: string) =>
    console.log(`${what.padEnd(52)} ${value.padStart(9)}   ${aim}`);
  goal('self-contained, with an upstream value: right', percent(shareRight(self)), 'goal 99 %');
  goal('with its assumption given and an upstream value: right', percent(shareRight(assuming)), 'goal 98 %');
  goal('with an upstream value: wrong without a warning', percent(silentShare(known)), 'goal 0.2 % at most');
  goal('strings: right', percent(shareRight(alone)), 'goal 97 %');
  goal('strings: wrong without a warning', String(alone.silent), 'goal none');
}

const silentShare = (tally: Tally): number => tally.silent / Math.max(1, rowsOf(tally));

async function run(folder: string, every: boolean, show: number, only: readonly string[] | undefined): Promise<void> {
  const wanted = (name: string): boolean => only === undefined || only.includes(name);
  const files: Score[] = [];
  const strings: Score[] = [];
  console.log(HEAD);
  for (const family of familiesOf(folder).filter(wanted)) {
    const result = await scoreFamily(join(folder, family), every);
    print(family, result, show);
    files.push(...result.scores);
  }
  if (wanted(STRINGS) && existsSync(join(folder, STRINGS, 'STRINGS.tsv'))) {
    const result = scoreStrings(join(folder, STRINGS));
    print(STRINGS, result, show);
    strings.push(...result.scores);
  }
  console.log(
    tallyLine(
      'all files',
      'yes',
      sumOf(files, ({ upstream }) => upstream),
    ),
  );
  console.log(
    tallyLine(
      'all files',
      'no',
      sumOf(files, ({ upstream }) => !upstream),
    ),
  );
  printGoals(files, strings);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, show: { type: 'string' }, only: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('usage: npm run accuracy -- DIR [--all] [--show N] [--only NAME,…]');
  process.exitCode = 2;
} else if (!existsSync(folder) || (familiesOf(folder).length === 0 && !existsSync(join(folder, STRINGS)))) {
  console.log(`no corpus in ${folder}: skipped`);
} else {
  await run(folder, values.all === true, Number(values.show ?? 0), values.only?.split(','));
}
